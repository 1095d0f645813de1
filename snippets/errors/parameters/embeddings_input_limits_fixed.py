"""Embed the texts of a list that are not empty."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

texts = ["I am learning Python.", "", "Paris is sunny."]
reply = client.embeddings.create(
    model="text-embedding-3-small",
    input=[text for text in texts if text.strip()],
)
print(len(reply.data), "vectors")
#> 2 vectors
