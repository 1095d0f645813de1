"""Send requests as fast as the loop runs."""
# sandbox: tier=1
# sandbox: rate_limit x4 retry_after_ms=30

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

for question in ("Say hello", "What is a list?"):
    response = client.responses.create(model="gpt-6-luna", input=question)
    print(response.output_text)
