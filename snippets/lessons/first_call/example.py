"""Show eight concepts from lesson 01. Uncomment the calls in main() that you want."""

import asyncio

import openai
from dotenv import load_dotenv
from openai import AsyncOpenAI, OpenAI

MODEL = "gpt-6-luna"

load_dotenv()
client = OpenAI(max_retries=3, timeout=60.0)


# --8<-- [start:basic_call]
def basic_call() -> None:
    """Ask one question and print the answer."""
    response = client.responses.create(model=MODEL, input="Why is the sky blue?")
    print(response.output_text)


# --8<-- [end:basic_call]


# --8<-- [start:instructions_examples]
def instructions_examples() -> None:
    """Ask two characters the same question."""
    for character in ("a sarcastic comedian", "a formal professor"):
        response = client.responses.create(
            model=MODEL,
            instructions=f"You are {character}.",
            input="Why is the sky blue?",
        )
        print(f"{character}: {response.output_text}\n")


# --8<-- [end:instructions_examples]


# --8<-- [start:temperature_examples]
def temperature_examples() -> None:
    """Send the same prompt five times at temperature 0, then five times at 1."""
    for temperature in (0, 1.0):
        print(f"temperature {temperature}:")
        for _ in range(5):
            response = client.responses.create(
                model=MODEL,
                input="Write a tagline for a bakery.",
                temperature=temperature,
                reasoning={"effort": "none"},
            )
            print("  ", response.output_text)


# --8<-- [end:temperature_examples]


def token_limit() -> None:
    """Cap the answer's tokens: the rest is cut off without an exception."""
    response = client.responses.create(
        model=MODEL,
        input="Explain async/await in Python in one paragraph.",
        max_output_tokens=20,
        reasoning={"effort": "none"},
    )
    print(response.status, response.incomplete_details, response.output_text)


def usage() -> None:
    """Print what the call used: this is what you pay for."""
    response = client.responses.create(model=MODEL, input="Why is the sky blue?")
    print(response.model, response.usage)


def streaming() -> None:
    """Print the answer as it is generated."""
    stream = client.responses.create(
        model=MODEL, input="Write a haiku about coding", stream=True
    )
    for event in stream:
        if event.type == "response.output_text.delta":
            print(event.delta, end="", flush=True)
    print()


async def parallel() -> None:
    """Ask three questions at once."""
    async with AsyncOpenAI() as async_client:
        questions = (
            f"What is the capital of {name}?"
            for name in ("France", "Japan", "Kenya")
        )
        calls = (
            async_client.responses.create(model=MODEL, input=question)
            for question in questions
        )
        for response in await asyncio.gather(*calls):
            print(response.output_text)


def error_handling() -> None:
    """Set an out-of-range temperature, a mistake that no retry fixes."""
    try:
        client.responses.create(model=MODEL, input="Say hello", temperature=5)
    except openai.BadRequestError as error:
        print(type(error).__name__, error.code, error.request_id)


def main() -> None:
    """Run the examples that are not commented out."""
    basic_call()
    # instructions_examples()
    # temperature_examples()
    # token_limit()
    # usage()
    # streaming()
    # asyncio.run(parallel())
    # error_handling()


if __name__ == "__main__":
    main()
