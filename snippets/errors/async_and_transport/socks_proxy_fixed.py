"""Create a client that ignores the variables that name proxies."""
# needs: ALL_PROXY=socks5://127.0.0.1:1080

from dotenv import load_dotenv
from openai import DefaultHttpx2Client, OpenAI

load_dotenv()
client = OpenAI(http_client=DefaultHttpx2Client(trust_env=False))

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
#> Hello! What are you working on?
