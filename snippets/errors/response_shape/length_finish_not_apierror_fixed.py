"""Catch the exceptions of parse() that do not derive from APIError."""

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
    completion = client.chat.completions.parse(
        model="gpt-6-luna",
        messages=[
            {
                "role": "user",
                "content": "Describe her as JSON: Ada Lovelace, born 1815 in London.",
            }
        ],
        response_format=Person,
        max_completion_tokens=50,
    )
    print(completion.choices[0].message.parsed)
except openai.APIError:
    print("The API had an error.")
except openai.LengthFinishReasonError as error:
    usage = error.completion.usage
    print("Cut off after", usage and usage.completion_tokens, "tokens.")
    #> Cut off after 50 tokens.
