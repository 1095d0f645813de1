"""Get a conflict, three times."""

# sandbox: http_error status=409 x3 retry_after_ms=20

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI()

try:
    client.responses.create(model="gpt-6-luna", input="Say hello")
except openai.ConflictError as error:
    print(type(error).__name__, error.status_code)
    #> ConflictError 409
    print(error.request_id is not None, error.response.headers["content-type"])
    #> True application/json
