"""Cause four failures, see how many times the client tried, and decide what to do."""

# sandbox: rate_limit x2 retry_after_ms=50
# sandbox: connection_drop x2
# sandbox: server_error x2 retry_after_ms=50
# sandbox: bad_key

import openai
from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
tries: list[object] = []
counting = openai.DefaultHttpxClient(event_hooks={"request": [tries.append]})
client = OpenAI(max_retries=1, http_client=counting)


def ask() -> str:
    """Return the answer, or what to do if there is none."""
    try:
        return client.responses.create(
            model="gpt-6-luna", input="Say hello"
        ).output_text
    except openai.RateLimitError as error:
        return (
            f"RateLimitError: slow down, or pay ({error.code}, {error.request_id})"
        )
    except openai.APIConnectionError as error:  # APITimeoutError is one of these
        return f"{type(error).__name__}: check the network ({error.__cause__})"
    except openai.APIStatusError as error:
        return f"{type(error).__name__}: {error.status_code} ({error.request_id})"


if __name__ == "__main__":
    for _ in range(5):
        tries.clear()
        outcome = ask()
        print(f"attempts: {len(tries)}; {outcome}")
