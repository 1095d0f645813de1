"""Keep the conversation in your program, with Chat Completions."""

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.chat import ChatCompletionMessageParam

load_dotenv()
client = OpenAI()

history: list[ChatCompletionMessageParam] = []
for text in ("My name is Ada. I am learning Python.", "What is my name?"):
    history.append({"role": "user", "content": text})
    completion = client.chat.completions.create(
        model="gpt-6-luna", messages=history
    )
    answer = completion.choices[0].message.content
    history.append({"role": "assistant", "content": answer})
    print(answer)
