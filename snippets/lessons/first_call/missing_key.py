"""Show that a missing key raises an exception before any request is sent."""

import os

from openai import OpenAI, OpenAIError

for variable in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY"):
    os.environ.pop(variable, None)

try:
    OpenAI()
except OpenAIError as error:
    print(type(error).__name__)
    #> OpenAIError
