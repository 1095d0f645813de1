"""Read a stream in which the server reports an error."""

# sandbox: stream_error

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI()

try:
    for event in client.responses.create(
        model="gpt-6-luna", input="Say hello", stream=True
    ):
        last = event.type
except openai.APIError as error:
    print("after", last)
    #> after response.output_text.delta
    print(type(error).__name__, error.code, error.param, error.type)
    #> APIError server_error None server_error
    print(error.message.partition(".")[0])
    #> An error occurred while processing your request
