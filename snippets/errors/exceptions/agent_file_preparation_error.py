"""Prepare two files for an agent, one of which cannot be uploaded."""

# sandbox: ok
# sandbox: http_error status=413

import openai
from dotenv import load_dotenv
from openai.lib.beta.agents import AgentFilePreparationError

load_dotenv()
client = openai.OpenAI()

try:
    client.beta.agents.environments.files.prepare(
        {"/workspace/one.py": __file__, "/workspace/two.py": __file__}
    )
except AgentFilePreparationError as error:
    print("uploaded:", len(error.prepared.uploaded_file_ids), "of 2")
    #> uploaded: 1 of 2
    print("because of", type(error.__cause__).__name__)
    #> because of APIStatusError
