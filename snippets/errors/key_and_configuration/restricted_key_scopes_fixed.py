"""Name the permission that the key lacks, in case it lacks one."""
# sandbox: missing_scope

import re

from dotenv import load_dotenv
from openai import AuthenticationError, OpenAI

load_dotenv()
client = OpenAI()

try:
    response = client.responses.create(model="gpt-6-luna", input="Say hello")
    print(response.output_text)
except AuthenticationError as problem:
    missing = re.search(r"Missing scopes: ([\w.]+\w(, [\w.]+\w)*)", problem.message)
    if not missing:
        raise
    print(f"The key is valid, but not for this call: give it {missing[1]}.")
    #> The key is valid, but not for this call: give it api.responses.write.
