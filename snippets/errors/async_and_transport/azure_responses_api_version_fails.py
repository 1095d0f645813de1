"""Call Azure's Responses API with a version that is older than the API."""

import os

from dotenv import load_dotenv
from openai import AzureOpenAI

load_dotenv()
client = AzureOpenAI(
    azure_endpoint=os.environ["OPENAI_BASE_URL"].removesuffix("/v1"),
    api_version="2024-12-01-preview",
    api_key=os.environ["OPENAI_API_KEY"],
)

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
