"""Use a client inside the block that closes it."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()

with OpenAI() as client:
    response = client.responses.create(model="gpt-6-luna", input="Say hello")
    print(response.output_text)
    #> Hello! What are you working on?

    response = client.responses.create(model="gpt-6-luna", input="Say hello")
    print(response.output_text)
    #> Hello! How can I help you today?
