"""Use a key that the API does not know."""

# sandbox: bad_key

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI()

try:
    client.responses.create(model="gpt-6-luna", input="Say hello")
except openai.AuthenticationError as error:
    print(error.status_code, error.code, error.request_id is not None)
    print(error.message)
