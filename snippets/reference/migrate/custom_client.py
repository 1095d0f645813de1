"""An HTTP client of your own: made by the SDK, so that it is the right kind."""

from dotenv import load_dotenv
from openai import DefaultHttpxClient, OpenAI

load_dotenv()
client = OpenAI(
    http_client=DefaultHttpxClient(headers={"x-team": "search"}),
)

print(client.responses.create(model="gpt-6-luna", input="Say hello").output_text)
#> Hello! What are you working on?
