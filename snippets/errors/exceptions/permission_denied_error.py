"""Send a request from a country that is not supported."""

# sandbox: region_unsupported

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI()

try:
    client.responses.create(model="gpt-6-luna", input="Say hello")
except openai.PermissionDeniedError as error:
    print(error.status_code, error.code, error.request_id is not None)
    #> 403 unsupported_country_region_territory True
    print(error.message)
    #> Error code: 403 - Country, region, or territory not supported
