"""Send a request to a server that hangs up."""

# sandbox: connection_drop

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI(max_retries=0)

try:
    client.responses.create(model="gpt-6-luna", input="Say hello")
except openai.APIConnectionError as error:
    print(error.message, error.request.url.path)
    #> Connection error. /v1/responses
    print("because of", type(error.__cause__).__name__)
    #> because of RemoteProtocolError
