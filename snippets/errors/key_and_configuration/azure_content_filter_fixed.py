"""Tell the user that Azure's content filter stopped the prompt."""

# sandbox: azure_content_filter

import os

from dotenv import load_dotenv
from openai import AzureOpenAI, BadRequestError

load_dotenv()
client = AzureOpenAI(
    azure_endpoint=os.environ["OPENAI_BASE_URL"].removesuffix("/v1"),
    azure_deployment="chat-in-production",
    api_version="2024-10-21",
    api_key=os.environ["OPENAI_API_KEY"],
)

try:
    completion = client.chat.completions.create(
        model="gpt-6-luna",
        messages=[{"role": "user", "content": "Say hello"}],
    )
    print(completion.choices[0].message.content)
except BadRequestError as problem:
    if problem.code != "content_filter":
        raise
    print("The content filter stopped this question. Please rephrase it.")
    #> The content filter stopped this question. Please rephrase it.
