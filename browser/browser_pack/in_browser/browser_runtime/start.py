"""Makes the interpreter ready: what the page gives it first, then all imports, then one request nobody sees."""

import gc
import time

from page import sleep, tokenizer, write

gc.disable()  # what is imported from here on stays
time.sleep = sleep

import asyncio.runners  # noqa: E402 - what is imported from here on sleeps as the page does
from importlib import import_module  # noqa: E402

from . import event_loop  # noqa: E402

event_loop.install(asyncio.runners.run)

from openai_sandbox.api.routes import warm_up as load_endpoints  # noqa: E402

from .program import Runner  # noqa: E402


class Tokenizer:
    """The page's tokenizer with Python's types."""

    def encode_ordinary(self, text: str) -> list[int]:
        """Return the token ids of a text."""
        found: list[int] = tokenizer.encode_ordinary(text).to_py()
        return found

    def decode_single_token_bytes(self, token: int) -> bytes:
        """Return the bytes of one token."""
        found: bytes = tokenizer.decode_single_token_bytes(token).to_bytes()
        return found


WARM_UP = """
from openai import OpenAI
client = OpenAI()
client.responses.create(model="gpt-5.6-luna", input="Hi")
"""


runner = Runner(write, Tokenizer())
gc.freeze()
gc.enable()


def warm_up() -> None:
    """Import what programs may need, and send one request that nobody sees: the first one takes far longer."""
    for name in ("aiolimiter", "dotenv"):
        import_module(name)
    load_endpoints()
    runner.run_unseen(WARM_UP, "warm_up.py")
