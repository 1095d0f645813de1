"""Send too many requests, and give up after the third."""

# sandbox: rate_limit x3 retry_after_ms=20

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI()

try:
    client.responses.create(model="gpt-6-luna", input="Say hello")
except openai.RateLimitError as error:
    print(error.status_code, error.code, error.type)
    #> 429 rate_limit_exceeded requests
    print("wait", error.response.headers["retry-after-ms"], "ms")
    #> wait 20 ms
