"""Embed a list of texts, one of them empty."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

texts = ["I am learning Python.", "", "Paris is sunny."]
reply = client.embeddings.create(
    model="text-embedding-3-small",
    input=texts,
)
print(len(reply.data), "vectors")
