"""Keep the text that arrived before a stream broke off, with openai 1, 2 and 3."""

# sandbox: cut_stream after=9

from importlib import import_module

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI()

old = int(openai.__version__.split(".")[0]) < 3
http = import_module("httpx" if old else "httpx2")

text = ""
try:
    for event in client.responses.create(
        model="gpt-6-luna", input="Say hello", stream=True
    ):
        if event.type == "response.output_text.delta":
            text += event.delta
except (openai.APIConnectionError, http.TransportError):
    print("Broken off after:", text)
    #> Broken off after: Hello! What
