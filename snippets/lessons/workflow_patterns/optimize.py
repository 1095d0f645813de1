"""Let one call grade what another has written, and revise it, in a few rounds."""

# sandbox: script=answers.json

from collections import Counter
from typing import Any

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel

REQUEST: Any = {"model": "gpt-6-luna", "reasoning": {"effort": "none"}}
WRITE = "Write a bike shop's answer to a customer. Refunds take five days."
GRADE = """Grade this answer of a bike shop. It has to say sorry, name the order,
and promise no date."""
REVISE = "Revise this answer. Solve the problems, and change nothing else."
SPENT: Counter[str] = Counter()


class Grade(BaseModel):
    problems: list[str]
    passed: bool


def ask(client: OpenAI, instructions: str, text: str, **shape: Any) -> Any:
    """Make one call and count its tokens. `shape` may have a `text_format`."""
    step: Any = {"instructions": instructions, "input": text, **shape}
    reply = client.responses.parse(**REQUEST, **step)
    if usage := reply.usage:
        read, wrote = usage.input_tokens, usage.output_tokens
        SPENT.update({"calls": 1, "in": read, "out": wrote})
    return reply


def improve(client: OpenAI, message: str, rounds: int = 3) -> tuple[str, bool]:
    """Return the last draft and whether it passed, after 2 * rounds calls at most."""
    draft = ask(client, WRITE, message).output_text
    for number in range(1, rounds + 1):
        both = f"Message: {message}\nAnswer: {draft}"
        grade = ask(client, GRADE, both, text_format=Grade).output_parsed
        if grade and grade.passed:
            return draft, True
        problems = grade.problems if grade else ["the grader refused"]
        print(f"round {number}:", *problems)
        if number < rounds:
            more = f"{both}\nProblems: {problems}"
            draft = ask(client, REVISE, more).output_text
    return draft, False


if __name__ == "__main__":
    load_dotenv()
    client = OpenAI()
    for order in (1042, 77):
        SPENT.clear()
        draft, passed = improve(client, f"I was charged twice for order {order}.")
        print(draft if passed else f"For a person: {draft}")
        print(dict(SPENT))
