"""What the lesson's first call costs: the tokens of its recorded reply times the prices of genai-prices."""

import json
from decimal import Decimal
from importlib.metadata import version

from genai_prices import Usage, calc_price

from .as_of import ROOT, as_of, noon

TARGET = ROOT / "docs" / "includes" / "generated" / "first-call-cost.md"
REPLY = ROOT / "snippets" / "lessons" / "first_call" / "ask.json"


def render() -> str:
    """Return the sentences that state the cost and where the prices come from."""
    reply = json.loads(REPLY.read_text("utf-8"))
    usage = reply["usage"]
    reasoning = usage["output_tokens_details"]["reasoning_tokens"]
    tokens = Usage(input_tokens=usage["input_tokens"], output_tokens=usage["output_tokens"])
    price = calc_price(tokens, reply["model"], provider_id="openai", genai_request_timestamp=noon())
    million_in, million_out = (
        calc_price(million, reply["model"], provider_id="openai", genai_request_timestamp=noon()).total_price * 10
        for million in (Usage(input_tokens=100_000), Usage(output_tokens=100_000))
    )
    pages = price.provider.pricing_urls or ["the provider's price page"]
    thinking = f", {reasoning} of them spent on reasoning you do not see" if reasoning else ""
    return (
        f"The first call on this page took {usage['input_tokens']} input tokens and {usage['output_tokens']} output "
        f"tokens{thinking}. On `{reply['model']}` a million input tokens cost {dollars(million_in)} and a million "
        f"output tokens {dollars(million_out)}, so this call costs {dollars(price.total_price)}: "
        f"{int(1 / price.total_price):,} such calls for a dollar.\n\n"
        f"<small>Token counts are simulated. Prices: genai-prices {version('genai-prices')}, "
        f"from <{pages[0]}>, as of {as_of()}.</small>\n"
    )


def dollars(amount: Decimal) -> str:
    """Return an amount as text: cents where it has some, all its digits where it is less than one."""
    return f"${amount.normalize():f}" if amount < Decimal("0.01") else f"${amount:.2f}"
