"""Ask for a response that does not exist."""

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI()

try:
    client.responses.retrieve("resp_0")
except openai.NotFoundError as error:
    print(error.status_code, error.code, error.request_id is not None)
    #> 404 None True
    print(error.message)
    #> Error code: 404 - Response with id 'resp_0' not found.
