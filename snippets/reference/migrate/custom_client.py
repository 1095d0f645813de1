"""Pass your own HTTP client, made with the SDK so that it has the right type."""

from dotenv import load_dotenv
from openai import DefaultHttpxClient, OpenAI

load_dotenv()
client = OpenAI(
    http_client=DefaultHttpxClient(headers={"x-team": "search"}),
)

print(client.responses.create(model="gpt-6-luna", input="Say hello").output_text)
#> Hello! What are you working on?
