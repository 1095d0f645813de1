"""Run a script that is not named like a module."""
# needs: process

import runpy
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

SCRIPT = """
from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
response = OpenAI().responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
"""

with TemporaryDirectory() as folder:
    script = Path(folder, "say_hello.py")
    script.write_text(SCRIPT)
    # Python does the same for a script: it looks for modules next to it first.
    sys.path.insert(0, folder)
    runpy.run_path(str(script), run_name="__main__")
