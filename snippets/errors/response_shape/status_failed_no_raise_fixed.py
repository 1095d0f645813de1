"""Read the answer only if the response is completed."""

# sandbox: failed_response

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    input="Why is the sky blue?",
)
if response.status == "completed":
    print(repr(response.output_text))
elif response.error:
    print("failed:", response.error.code)
    #> failed: server_error
else:
    print("no answer:", response.status, response.incomplete_details)
