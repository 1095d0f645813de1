"""Runs small client programs against a sandbox in this process, and returns the verdict."""

import contextlib
import io
import textwrap

from openai_sandbox import Sandbox
from openai_sandbox.faults import plan
from openai_sandbox.observation import ending, lull, settled
from openai_sandbox.verdict import Outcome, Verdict, judge

PATIENCE = 0.4

START = """
import asyncio, random, time
import httpx
import openai
import requests
import stamina
import tenacity
from openai import AsyncOpenAI, OpenAI
from os import environ
MODEL = "gpt-6-luna"
URL, KEY = environ["OPENAI_BASE_URL"], environ["OPENAI_API_KEY"]
HEADERS = {"Authorization": f"Bearer {KEY}"}
def body(prompt="Say hello", **more):
    return {"model": MODEL, "input": prompt, **more}
"""


def verdict_on(program: str, faults: str | None = None, within: float | None = PATIENCE) -> Verdict:
    """Run a program as `openai-sandbox run --verdict` does, but in this process and less patiently."""
    printed, code = io.StringIO(), 0
    with Sandbox(ending(plan(faults), PATIENCE), seed=7) as api:
        lull(api.core)
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                exec(compile(START + textwrap.dedent(program), "<program>", "exec"), {"__name__": "__main__"})  # noqa: S102
            except Exception as problem:
                printed.write(repr(problem))
                code = 1
        return judge(settled(api.requests), Outcome(exit_code=code, printed=printed.getvalue(), within=within))


def found_in(program: str, faults: str | None = None) -> list[str]:
    """Return the ids that are found. A wait that came out longer on a busy machine is no evidence: then, try again."""
    for _ in range(5):
        if ids := verdict_on(program, faults).ids:
            return ids
    return []
