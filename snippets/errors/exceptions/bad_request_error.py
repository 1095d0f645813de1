"""Ask for something the API refuses."""

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI()

try:
    client.responses.create(
        model="gpt-6-luna", input="Say hello", max_output_tokens=1
    )
except openai.BadRequestError as error:
    print(error.status_code, error.code, error.param)
    print(error.message)
