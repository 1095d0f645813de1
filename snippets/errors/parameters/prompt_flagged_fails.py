"""Answer a list of questions, one of which is refused."""

# sandbox: prompt_flagged

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

for question in ["Say hello", "What is the capital of France?"]:
    response = client.responses.create(model="gpt-6-luna", input=question)
    print(response.output_text)
