"""Show what code from before version 1 does today."""

import importlib
import os
from typing import Any

import openai
from dotenv import load_dotenv

load_dotenv()
messages: Any = [{"role": "user", "content": "Say hello"}]

old: Any = openai
try:
    old.ChatCompletion.create(model="gpt-6-luna", messages=messages)
except Exception as error:
    print(type(error).__name__)
    #> APIRemovedInV1
try:
    importlib.import_module("openai.error")
except ImportError as error:
    print(error)
    #> No module named 'openai.error'

# This setting still works, with newer calls, but use it in short scripts only.
openai.api_key = os.environ["OPENAI_API_KEY"]
completion = openai.chat.completions.create(model="gpt-6-luna", messages=messages)
print(completion.choices[0].message.content)
#> Hello! What are you working on?
