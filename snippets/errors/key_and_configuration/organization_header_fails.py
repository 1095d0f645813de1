"""Name an organization that the key does not belong to."""
# sandbox: organization_mismatch

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI(organization="org-of-another-account")

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
