"""Wait at most a tenth of a second for an answer."""

# sandbox: timeout

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI(timeout=0.1, max_retries=0)

try:
    client.responses.create(model="gpt-6-luna", input="Say hello")
except openai.APITimeoutError as error:
    print(error.message, error.request.url.path)
    #> Request timed out. /v1/responses
    print("because of", type(error.__cause__).__name__)
    #> because of ReadTimeout
