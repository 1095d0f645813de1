"""Keep the text that arrived before a stream broke off."""

# sandbox: cut_stream after=9

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI()

text = ""
try:
    for event in client.responses.create(
        model="gpt-6-luna", input="Say hello", stream=True
    ):
        if event.type == "response.output_text.delta":
            text += event.delta
except openai.APIConnectionError:
    print("Broken off after:", text)
    #> Broken off after: Hello! What
