"""Read the attributes of an exception instead of its text."""

# sandbox: bad_key

from typing import Any

import openai
from dotenv import load_dotenv

load_dotenv()

try:
    openai.OpenAI().responses.create(model="gpt-6-luna", input="Say hello")
except openai.APIStatusError as error:
    body: Any = error.body
    print(error.status_code, error.code, body["message"])
