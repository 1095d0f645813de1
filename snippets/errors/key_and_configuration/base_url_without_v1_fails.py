"""Give the client the address of a server without its path."""

import os

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
server = os.environ["OPENAI_BASE_URL"].removesuffix("/v1")  # as in https://host
client = OpenAI(base_url=server)

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
