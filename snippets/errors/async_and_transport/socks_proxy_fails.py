"""Create a client while a variable names a SOCKS proxy."""
# needs: ALL_PROXY=socks5://127.0.0.1:1080

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
