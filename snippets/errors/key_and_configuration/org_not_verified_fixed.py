"""Get the answer without streaming if streaming is not allowed."""
# sandbox: organization_unverified

from dotenv import load_dotenv
from openai import BadRequestError, OpenAI

load_dotenv()
client = OpenAI()

try:
    stream = client.responses.create(
        model="gpt-6-luna", input="Say hello", stream=True
    )
    for event in stream:
        if event.type == "response.output_text.delta":
            print(event.delta, end="", flush=True)
    print()
except BadRequestError as problem:
    if problem.param != "stream":
        raise
    response = client.responses.create(model="gpt-6-luna", input="Say hello")
    print(response.output_text)
    #> Hello! What are you working on?
