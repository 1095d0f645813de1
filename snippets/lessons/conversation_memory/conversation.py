"""Create a conversation with its own id, and list what is in it."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

conversation = client.conversations.create(metadata={"user": "42"})
for text in ("My name is Ada. I am learning Python.", "What is my name?"):
    response = client.responses.create(
        model="gpt-6-luna",
        conversation=conversation.id,
        input=text,
    )
    print(response.output_text)

print("\nWhat the conversation holds:")
for item in client.conversations.items.list(conversation.id, order="asc"):
    print("-", item.role if item.type == "message" else item.type)
