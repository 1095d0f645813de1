"""Put a file into an agent's environment that does not exist."""

import openai
from dotenv import load_dotenv
from openai.lib.beta.agents import AgentFileStagingError

load_dotenv()
client = openai.OpenAI()

try:
    client.beta.agents.environments.files.upload(
        "env_0", file=("a.txt", b"text"), path="/workspace/a.txt"
    )
except AgentFileStagingError as error:
    print("uploaded:", error.uploaded_file_id.startswith("file-"))
    #> uploaded: True
    print("because of", type(error.__cause__).__name__)
    #> because of NotFoundError
