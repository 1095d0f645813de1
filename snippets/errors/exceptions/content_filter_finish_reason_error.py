"""Parse an answer that the content filter stopped."""

# sandbox: content_filter

import openai
from dotenv import load_dotenv
from pydantic import BaseModel

load_dotenv()
client = openai.OpenAI()


class Person(BaseModel):
    name: str
    born: int
    city: str


try:
    client.chat.completions.parse(
        model="gpt-6-luna",
        messages=[
            {
                "role": "user",
                "content": "Describe her as JSON: Ada Lovelace, born 1815 in London.",
            }
        ],
        response_format=Person,
        max_completion_tokens=2000,
    )
except openai.ContentFilterFinishReasonError as error:
    if error.completion and error.completion.usage:
        print(error.completion.choices[0].finish_reason)
        #> content_filter
        print(error.completion.usage.completion_tokens, "tokens")
        #> 73 tokens
