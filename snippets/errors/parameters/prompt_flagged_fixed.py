"""Answer the other questions of a list when one of them is refused."""

# sandbox: prompt_flagged

import openai
from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

for question in ["Say hello", "What is the capital of France?"]:
    try:
        response = client.responses.create(model="gpt-6-luna", input=question)
    except openai.BadRequestError as error:
        if error.code != "invalid_prompt":
            raise
        print("refused:", question)
        #> refused: Say hello
        continue
    print(response.output_text)
    #> The capital of France is Paris.
