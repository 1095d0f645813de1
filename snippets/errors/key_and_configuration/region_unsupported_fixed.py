"""Report what has to change when OpenAI does not serve this place."""
# sandbox: region_unsupported

from dotenv import load_dotenv
from openai import OpenAI, PermissionDeniedError

load_dotenv()
client = OpenAI()

try:
    response = client.responses.create(model="gpt-6-luna", input="Say hello")
    print(response.output_text)
except PermissionDeniedError as problem:
    if problem.code != "unsupported_country_region_territory":
        raise
    print("OpenAI does not serve the address this server calls from.")
    #> OpenAI does not serve the address this server calls from.
    print("Move it to a supported region. The key is not the problem.")
    #> Move it to a supported region. The key is not the problem.
