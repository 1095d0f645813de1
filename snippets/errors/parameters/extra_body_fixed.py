"""Pass a parameter of another server in the body of the request."""

import openai
from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

try:
    completion = client.chat.completions.create(
        model="gpt-6-luna",
        messages=[{"role": "user", "content": "Say hello"}],
        extra_body={"top_k": 20},
    )
    print(completion.choices[0].message.content)
except openai.BadRequestError as error:
    print("The server got top_k, but does not know it:", error.code)
    #> The server got top_k, but does not know it: unknown_parameter
