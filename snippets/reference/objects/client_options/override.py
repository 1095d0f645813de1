"""Set options for one call, without a second client."""

# sandbox: server_error x2 retry_after_ms=20

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI(timeout=60.0, max_retries=0)

patient = client.with_options(timeout=300.0, max_retries=5)
response = patient.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
#> Hello! What are you working on?
print(client.max_retries, patient.max_retries)
#> 0 5
