"""See what a missing key raises, and when: before any request is sent."""

import os

from openai import OpenAI, OpenAIError

os.environ.pop("OPENAI_API_KEY", None)

try:
    OpenAI()
except OpenAIError as error:
    print(type(error).__name__)
    #> OpenAIError
