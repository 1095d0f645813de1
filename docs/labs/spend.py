# ---
# description: A lab on spend. What a made-up day of traffic costs on each model, what cached input saves, and what batch would save.
# kind: Lab
# level: Intermediate
# minutes: 10
# ---

# %% [markdown]
# # Spend
#
# What would a day of your traffic cost on each model, and what lowers the bill most? The traffic here is made up, but the prices
# are real and come from genai-prices. Put in your own numbers and run it again.

# %%
import math
import random

import matplotlib.pyplot as plt
from genai_prices import Usage, calc_price

from docs._tools.data.as_of import noon

# %config InlineBackend.figure_formats = ["svg"]
plt.rcParams["svg.fonttype"] = "none"

TODAY = noon()
MODELS = (
    "gpt-6-luna",
    "gpt-5.6-luna",
    "gpt-6.1-terra",
    "gpt-6.1-sol",
    "gpt-5.6-terra",
    "gpt-6-astra",
)

# %% [markdown]
# ## A day of traffic
#
# The traffic is that of a support assistant: long instructions that are the same in every call, a short question, and an answer
# with some hidden reasoning. There are few calls at night and many in the afternoon.

# %%
rng = random.Random(7)
INSTRUCTIONS = 3_000


def calls_in(hour: int) -> int:
    """Return the number of calls in an hour of the day: a wave with its top at 15:00."""
    wave = 1 + math.cos((hour - 15) * math.tau / 24)
    return round(900 * wave + rng.uniform(0, 100))


hours = [calls_in(hour) for hour in range(24)]
calls = [
    {
        "input": INSTRUCTIONS + rng.randint(20, 400),
        "output": rng.randint(80, 300) + rng.choice((0, 64, 128)),
    }
    for _ in range(sum(hours))
]
read, written = (
    sum(call["input"] for call in calls),
    sum(call["output"] for call in calls),
)
print(
    f"{len(calls):,} calls, {read / 1e6:.1f} million tokens in, {written / 1e6:.1f} million out"
)

# %% [markdown]
# ## The bill by model
#
# Except in very long prompts, every token costs the same. The cost of the day is therefore the cost of an average call times the
# number of calls:


# %%
def day(
    model: str, cached_share: float = 0.0, batch: bool = False
) -> tuple[float, float]:
    """Return what the day's input and output cost, in dollars."""
    average = read / len(calls)
    usage = Usage(
        input_tokens=round(average),
        cache_read_tokens=round(average * cached_share),
        output_tokens=round(written / len(calls)),
    )
    context = {"processing": "batch"} if batch else None
    price = calc_price(
        usage,
        model,
        provider_id="openai",
        genai_request_timestamp=TODAY,
        price_context=context,
    )
    return float(price.input_price) * len(calls), float(price.output_price) * len(
        calls
    )


bills = {model: day(model) for model in MODELS}
for model, (for_input, for_output) in bills.items():
    print(
        f"{model:<14} ${for_input + for_output:>8,.2f}, of it input ${for_input:,.2f}"
    )

# %% alt="Stacked bars of a day's cost on six models, input and output. Input is the larger part on all of them, and the most expensive model costs about a hundred times as much as the cheapest."
figure, panel = plt.subplots(figsize=(7, 3), layout="constrained")
panel.barh(
    list(bills), [for_input for for_input, _ in bills.values()], label="input"
)
panel.barh(
    list(bills),
    [for_output for _, for_output in bills.values()],
    left=[for_input for for_input, _ in bills.values()],
    label="output",
)
panel.invert_yaxis()
panel.set(xlabel="dollars a day")
panel.legend()
figure.suptitle(f"A day of traffic, simulated; prices of {TODAY:%Y-%m-%d}")
plt.show()

# %% [markdown]
# ## What lowers it
#
# The instructions make up most of the input, and they are the same every time. Input that comes from the cache costs only part of
# the full price.[^prompt-caching] And if nobody is waiting for the answer, the Batch API costs half.[^batch-api]
#
# For caching, this is an upper bound: the first call after a pause finds nothing in the cache, and on newer models writing to the
# cache costs more than plain input.[^cache-writes]

# %%
MODEL = "gpt-6-luna"
SHARES = [share / 10 for share in range(10)]
by_share = {share: sum(day(MODEL, share)) for share in SHARES}
by_batch = sum(day(MODEL, batch=True))
full, cached = by_share[0], by_share[0.9]

print(f"{MODEL}: ${full:.2f} a day")
print(f"90% of input cached: ${cached:.2f}, {1 - cached / full:.0%} less")
print(f"all by batch:        ${by_batch:.2f}, {1 - by_batch / full:.0%} less")

# %% alt="Line chart of a day's cost against the share of cached input: it falls in a straight line. A dashed line shows the cost of batch, half of the full price."
figure, panel = plt.subplots(figsize=(7, 3), layout="constrained")
panel.plot(
    [100 * share for share in SHARES],
    list(by_share.values()),
    "o-",
    label="with cached input",
)
panel.axhline(by_batch, linestyle="--", color="C1", label="batch, nothing cached")
panel.set(
    xlabel="input from the cache, percent", ylabel="dollars a day", ylim=(0, None)
)
panel.legend()
figure.suptitle(f"{MODEL}, traffic simulated; prices of {TODAY:%Y-%m-%d}")
plt.show()

# %% [markdown]
# ## Hour by hour
#
# A monthly budget hides the hour that exceeds it. Here is the day on one model, hour by hour:

# %%
hourly = [full * number / sum(hours) for number in hours]
peak = max(range(24), key=hourly.__getitem__)
print(
    f"dearest hour: {peak}:00, ${hourly[peak]:.2f}, {hourly[peak] / (full / 24):.1f} times the mean"
)

# %% alt="Bars of the cost of each hour of the day: lowest at three in the morning, highest at three in the afternoon."
figure, panel = plt.subplots(figsize=(7, 2.6), layout="constrained")
panel.bar(range(24), hourly)
panel.axhline(full / 24, linestyle="--", color="C1", label="mean")
panel.set(xlabel="hour", ylabel="dollars")
panel.legend()
figure.suptitle(f"{MODEL} by hour, traffic simulated; prices of {TODAY:%Y-%m-%d}")
plt.show()

# %% [markdown]
# ## What it means for your program
#
# - Choose the model first: models differ by a factor of a hundred, and no other setting comes close.
# - Put what never changes at the beginning of the prompt so that it can be cached.
# - Look at your own `usage` before you trim. Here input is the larger part; in a program that writes long texts, output is.
# - [Models and prices](../reference/models-and-prices.md) has every price, and a calculator for one call.
