"""Call an API after adding its certificate authority to the trusted ones."""

# sandbox: tls

import os
import ssl

from dotenv import load_dotenv
from openai import DefaultHttpx2Client, OpenAI

load_dotenv()
context = ssl.create_default_context()
context.load_verify_locations(os.environ["CORPORATE_CA_FILE"])
client = OpenAI(http_client=DefaultHttpx2Client(verify=context))

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
#> Hello! What are you working on?
