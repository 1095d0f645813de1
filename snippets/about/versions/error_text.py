"""Print an exception for people to read, not for programs."""

# sandbox: bad_key

import openai
from dotenv import load_dotenv

load_dotenv()

try:
    openai.OpenAI().responses.create(model="gpt-6-luna", input="Say hello")
except openai.APIStatusError as error:
    print(error)
