"""Send a long prompt in three orders, and read what came from the cache."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.responses import Response

load_dotenv()
client = OpenAI()

RULES = "Sort a customer's message: billing, shipping or other. Answer in one line."
BIKES = "\n".join(f"Bike {n}: frame {n}, {n % 9 + 1} gears." for n in range(150))
MARK = {"prompt_cache_breakpoint": {"mode": "explicit"}}


def developer(text: str, **options: Any) -> Any:
    """Return a developer message with one part, which may carry a breakpoint."""
    part = {"type": "input_text", "text": text, **options}
    return {"role": "developer", "content": [part]}


def ask(order: str, name: str, text: str) -> Response:
    """Ask about a customer's message, with the rules and the name in that order."""
    marked = MARK if order.endswith("marked") else {}
    rules = developer(f"{RULES}\n{BIKES}", **marked)
    customer = developer(f"You answer {name}.")
    user: Any = {"role": "user", "content": f"<message>{text}</message>"}
    name_first = order == "name first"
    return client.responses.create(
        model="gpt-6-luna",
        input=[customer, rules, user] if name_first else [rules, customer, user],
        prompt_cache_key=order,  # so that no order reads what another has written
    )


if __name__ == "__main__":
    customers = {
        "Ada": "I was charged twice for order 1042.",
        "Bo": "Where is my parcel?",
    }
    for order in ("name first", "name last", "name last, rules marked"):
        for name, text in customers.items():
            if usage := ask(order, name, text).usage:
                read = usage.input_tokens_details.cached_tokens
                written = usage.input_tokens_details.cache_write_tokens
                print(f"{order}, {name}: {usage.input_tokens} in,", end=" ")
                print(f"{read} from the cache, {written} into it")
