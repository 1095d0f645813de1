"""Queue more for a connection than it can hold."""

import openai
from dotenv import load_dotenv

load_dotenv()
manager = openai.OpenAI().responses.connect(max_queue_size=100)

try:
    for _ in range(9):
        manager.send(
            {"type": "response.create", "model": "gpt-6-luna", "input": "Hi"}
        )
except openai.WebSocketQueueFullError as error:
    print(error)
    #> send queue is full, message discarded
