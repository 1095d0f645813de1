"""Get status 422."""

# sandbox: http_error status=422

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI()

try:
    client.responses.create(model="gpt-6-luna", input="Say hello")
except openai.UnprocessableEntityError as error:
    print(type(error).__name__, error.status_code)
    #> UnprocessableEntityError 422
    print(error.request_id is not None, error.response.headers["content-type"])
    #> True application/json
