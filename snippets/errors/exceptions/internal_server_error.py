"""Call a server that fails three times."""

# sandbox: overloaded x3 retry_after_ms=20

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI()

try:
    client.responses.create(model="gpt-6-luna", input="Say hello")
except openai.InternalServerError as error:
    print(error.status_code, error.code, error.request_id is not None)
    #> 503 server_is_overloaded True
    print(error.message)
    #> Error code: 503 - Our servers are currently overloaded. Please try again later.
