"""Look for your prompt in the SDK's own log."""

import logging
from io import StringIO

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

written = StringIO()
log = logging.getLogger("openai")
log.addHandler(handler := logging.StreamHandler(written))

for level in ("INFO", "DEBUG"):
    log.setLevel(level)  # as the variable OPENAI_LOG does
    client.responses.create(model="gpt-6-luna", input="Say hello")
    print(f"{level} logs the prompt:", "Say hello" in written.getvalue())
    #> INFO logs the prompt: False
    #> DEBUG logs the prompt: False

log.removeHandler(handler)
log.setLevel(logging.NOTSET)
