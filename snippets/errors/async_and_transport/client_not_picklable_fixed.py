"""Share a client between threads."""

from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
QUESTIONS = ["What is the capital of France?", "What is the capital of Japan?"]


def ask(client: OpenAI, question: str) -> str:
    response = client.responses.create(model="gpt-6-luna", input=question)
    return response.output_text


if __name__ == "__main__":
    with ThreadPoolExecutor(2) as pool:
        for answer in pool.map(ask, repeat(OpenAI()), QUESTIONS):
            print(answer)
            #> The capital of France is Paris.
            #> Tokyo.
