"""Use openai with a folder of packages that were installed for this platform."""
# needs: process

import shutil
import sys
from pathlib import Path
from sysconfig import get_path
from tempfile import TemporaryDirectory

from openai import OpenAI

installed = Path(get_path("platlib"), "jiter")

with TemporaryDirectory() as layer:
    shutil.copytree(installed, Path(layer, "jiter"))
    sys.path.insert(0, layer)

    completion = OpenAI().chat.completions.create(
        model="gpt-6-luna",
        messages=[{"role": "user", "content": "Say hello"}],
    )
    print(completion.choices[0].message.content)
    #> Hello! What are you working on?
