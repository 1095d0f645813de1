"""What the calls in the lessons cost: tokens from recorded replies and outputs, times the prices in genai-prices."""

import json
import re
from decimal import Decimal
from pathlib import Path

from genai_prices import Usage, calc_price

from ..data import price_sources
from ..data.as_of import ROOT, noon
from ..data.generated import generates
from .model_prices import money

FIRST_REPLY = ROOT / "snippets" / "lessons" / "first_call" / "ask.json"
GROWTH = ROOT / "snippets" / "lessons" / "conversation_memory" / "growth.py"
SHAPES = ROOT / "snippets" / "lessons" / "structured_output" / "cost.py"
PROMPTING = ROOT / "snippets" / "lessons" / "prompting"
LONG = (10, 50, 100)
KEPT = 5
DIGITS = 6  # of the costs in a table: a millionth of a dollar


@generates("docs/includes/generated/first-call-cost.md")
def first_call() -> str:
    """Return the sentences that state the cost and where the prices come from."""
    reply = json.loads(FIRST_REPLY.read_text("utf-8"))
    usage = reply["usage"]
    reasoning = usage["output_tokens_details"]["reasoning_tokens"]
    tokens = Usage(input_tokens=usage["input_tokens"], output_tokens=usage["output_tokens"])
    price = calc_price(tokens, reply["model"], provider_id="openai", genai_request_timestamp=noon())
    million_in, million_out = (
        calc_price(million, reply["model"], provider_id="openai", genai_request_timestamp=noon()).total_price * 10
        for million in (Usage(input_tokens=100_000), Usage(output_tokens=100_000))
    )
    pages = price.provider.pricing_urls or ["the provider's price page"]
    thinking = f", {reasoning} of them spent on hidden reasoning" if reasoning else ""
    return (
        f"In the sandbox, the first call on this page used {usage['input_tokens']} input tokens and "
        f"{usage['output_tokens']} output tokens{thinking}. On `{reply['model']}`, a million input tokens cost "
        f"{money(million_in)} and a million output tokens {money(million_out)}, so this call would cost "
        f"{money(price.total_price)}. "
        f"A dollar would pay for {int(1 / price.total_price):,} such calls.\n\n"
        f"<small>Token counts are simulated. Prices: {price_sources.genai_prices()}, from <{pages[0]}>.</small>\n"
    )


def usage() -> list[tuple[int, int]]:
    """Return (input tokens, output tokens) of each turn, from the program's recorded output.

    Raises:
        ValueError: the output has other lines than `1: 16 in, 80 out`.
    """
    output = GROWTH.with_suffix(".out")
    turns = re.findall(r"^\d+: (\d+) in, (\d+) out$", output.read_text("utf-8"), re.MULTILINE)
    if len(turns) < 2:
        raise ValueError(f"{output.relative_to(ROOT)}: expected two or more lines such as '1: 16 in, 80 out'")
    return [(int(read), int(written)) for read, written in turns]


@generates("docs/includes/generated/chain-cost.md")
def chain() -> str:
    """Return a table of the measured turns, and one that continues at the same pace."""
    model = model_of(GROWTH)
    turns = usage()
    rows, total = [], Decimal(0)
    for number, (read, written) in enumerate(turns, 1):
        cost = price(model, read, written)
        total += cost
        rows.append(f"| {number} | {read} | {written} | ${cost:.{DIGITS}f} | ${total:.{DIGITS}f} |")
    first, last = turns[0][0], turns[-1][0]
    step = (last - first) / (len(turns) - 1)
    longer = []
    for count in LONG:
        whole = sum(round(first + step * turn) for turn in range(count))
        kept = sum(round(first + step * min(turn, KEPT - 1)) for turn in range(count))
        longer.append(f"| {count} | {whole:,} | {kept:,} | {whole / kept:.1f} |")
    return "\n".join(
        [
            "| Turn | Input tokens | Output tokens | Cost of the turn | Cost so far |",
            "|---:|---:|---:|---:|---:|",
            *rows,
            "",
            f"Turn {len(turns)} read {last / first:.0f} times as much as turn 1. If a conversation begins with {first}",
            f"input tokens and each turn reads {step:.1f} more than the one before, all its turns together read:",
            "",
            f"| Turns | Whole chain, input tokens | Last {KEPT} turns only | Ratio |",
            "|---:|---:|---:|---:|",
            *longer,
            "",
            simulated(f", on `{model}`, nothing cached"),
            "",
        ]
    )


@generates("docs/includes/generated/schema-cost.md")
def schema() -> str:
    """Return a table of what the calls of the lesson on schemas cost, and what a schema adds to a million of them.

    Raises:
        ValueError: the program's output has other lines than `Event: 71 in, 15 out`.
    """
    model = model_of(SHAPES)
    output = SHAPES.with_suffix(".out")
    calls = re.findall(r"^([\w ]+): (\d+) in, (\d+) out$", output.read_text("utf-8"), re.MULTILINE)
    if len(calls) != 3:
        raise ValueError(f"{output.relative_to(ROOT)}: expected three lines such as 'Event: 71 in, 15 out'")
    bare = int(calls[0][1])
    rows = []
    for name, read, written in calls:
        added = int(read) - bare
        shape = "none" if added == 0 else f"`{name}`"
        cost, million = price(model, int(read), int(written)), price(model, added, 0) * 1_000_000
        rows.append(f"| {shape} | {read} | {added} | {written} | ${cost:.{DIGITS}f} | {money(million)} |")
    return "\n".join(
        [
            "| Class | Input tokens | Schema alone | Output tokens | Cost of the call | Schema, a million times |",
            "|---|---:|---:|---:|---:|---:|",
            *rows,
            "",
            simulated(f", on `{model}`, nothing cached"),
            "",
        ]
    )


CACHED = re.compile(
    r"^(?P<order>.+), \w+: (?P<read>\d+) in, (?P<cached>\d+) from the cache, (?P<put>\d+) into it$", re.M
)
EFFORT = re.compile(r"^(?P<effort>\w+): (?P<shown>\d+) tokens shown, (?P<hidden>\d+) hidden, \$(?P<cost>[\d.]+)$", re.M)
MANY = 1_000


@generates("docs/includes/generated/prompt-costs.md")
def prompts() -> str:
    """Return what a long prompt costs in three orders, and what a question costs at each reasoning effort.

    Raises:
        ValueError: an output of the programs has other lines than expected.
    """
    program = PROMPTING / "cache_order.py"
    model = model_of(program)
    orders: dict[str, list[Usage]] = {}
    for match in CACHED.finditer(program.with_suffix(".out").read_text("utf-8")):
        tokens = Usage(
            input_tokens=int(match["read"]),
            cache_read_tokens=int(match["cached"]),
            cache_write_tokens=int(match["put"]),
        )
        orders.setdefault(match["order"], []).append(tokens)
    if len(orders) < 3 or any(len(calls) != 2 for calls in orders.values()):
        raise ValueError(f"{program.relative_to(ROOT)}: expected two calls in each of three orders")
    rows = []
    for order, (first, later) in orders.items():
        many = _price(model, first) + (MANY - 1) * _price(model, later)
        rows.append(f"| {order} | {later.input_tokens:,} | {later.cache_read_tokens:,} | ${many:.3f} |")
    read = int(next(iter(orders.values()))[1].input_tokens or 0)
    rows.append(f"| any order, without the cache | {read:,} | 0 | ${MANY * price(model, read, 0):.3f} |")
    other = PROMPTING / "effort.py"
    asked = list(EFFORT.finditer(other.with_suffix(".out").read_text("utf-8")))
    if len(asked) < 5:
        raise ValueError(f"{other.relative_to(ROOT)}: expected a line for each effort")
    least = Decimal(asked[0]["cost"])
    efforts = []
    for match in asked:
        cost = Decimal(match["cost"])
        counts = f"{match['shown']} | {int(match['hidden']):,}"
        efforts.append(f"| `{match['effort']}` | {counts} | ${cost * MANY:.4f} | {cost / least:.1f} |")
    return "\n".join(
        [
            f"What the input of {MANY:,} calls of `cache_order.py` costs in each order, if each call after the first",
            "is like the second and finds what the first has written:",
            "",
            f"| Order | Input tokens of a call | From the cache, second call | {MANY:,} calls |",
            "|---|---:|---:|---:|",
            *rows,
            "",
            f"What {MANY:,} calls of `effort.py` cost at each reasoning effort, input and output:",
            "",
            f"| Effort | Tokens you see | Hidden tokens | {MANY:,} calls | Times the cost at `none` |",
            "|---|---:|---:|---:|---:|",
            *efforts,
            "",
            simulated(
                f", on `{model}`. The numbers of hidden tokens are made up: a real model's depend on the question"
            ),
            "",
        ]
    )


def simulated(about: str = "") -> str:
    """Return the small print of a table of costs: what is simulated, on which model and how, and the prices."""
    return f"<small>Token counts are simulated{about}. Prices: {price_sources.genai_prices()}.</small>"


def model_of(program: Path) -> str:
    """Return the model that a program asks. It names no other."""
    (model,) = set(re.findall(r'"?\bmodel"?[=:] ?"([\w.-]+)"', program.read_text("utf-8")))
    return str(model)


def _price(model: str, tokens: Usage) -> Decimal:
    return calc_price(tokens, model, provider_id="openai", genai_request_timestamp=noon()).total_price


def price(model: str, read: int, written: int) -> Decimal:
    """Return the price of one call in dollars, on the as-of date."""
    return _price(model, Usage(input_tokens=read, output_tokens=written))
