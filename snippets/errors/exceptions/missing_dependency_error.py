"""Record audio without the package for it."""

import asyncio

import openai

try:
    from openai.helpers import Microphone

    asyncio.run(Microphone(timeout=1).record())
except openai.OpenAIError as error:
    print(type(error).__name__)
    #> MissingDependencyError
    print(str(error).split("$ ")[-1].strip())
    #> pip install openai[voice_helpers]
