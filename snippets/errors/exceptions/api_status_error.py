"""Get a status for which the SDK has no specific class."""

# sandbox: http_error status=413

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI()

try:
    client.responses.create(model="gpt-6-luna", input="Say hello")
except openai.APIStatusError as error:
    print(type(error).__name__, error.status_code)
    #> APIStatusError 413
    print(error.request_id is not None, error.response.headers["content-type"])
    #> True application/json
