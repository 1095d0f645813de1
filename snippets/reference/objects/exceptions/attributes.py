"""Log these attributes of an exception."""

# sandbox: rate_limit

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI(max_retries=0)

try:
    client.responses.create(model="gpt-6-luna", input="Say hello")
except openai.APIStatusError as error:
    print(type(error).__name__, error.status_code, error.code, error.type)
    #> RateLimitError 429 rate_limit_exceeded requests
    print(error.request_id is not None, error.response.headers["content-type"])
    #> True application/json
