"""Let the SDK check replies, and get one that is not JSON."""

# sandbox: html_page

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI(_strict_response_validation=True)

try:
    client.responses.create(model="gpt-6-luna", input="Say hello")
except openai.APIResponseValidationError as error:
    print(error.status_code, error.response.headers["content-type"])
    #> 200 text/html; charset=utf-8
    print(error.message)
    #> Expected Content-Type response header to be `application/json` but received `text/html` instead.
