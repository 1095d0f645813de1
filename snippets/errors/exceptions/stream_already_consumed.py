"""Read a streamed reply twice."""

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI()

with client.responses.with_streaming_response.create(
    model="gpt-6-luna", input="Say hello"
) as reply:
    for _ in reply.iter_bytes():
        pass
    try:
        reply.read()
    except openai.OpenAIError as error:
        print(type(error).__name__)
        #> StreamAlreadyConsumed
        print("because of", type(error.__cause__).__name__)
        #> because of StreamConsumed
