# ---
# description: A lab on spend. What a made-up day of traffic costs on six models, what cached input saves, and what batch would save.
# kind: Lab
# level: Intermediate
# minutes: 10
# ---

# %% [markdown]
# # Spend
#
# What would a day of your traffic cost on six models, and what lowers the bill most? The traffic here is made up, but the prices
# are real and come from genai-prices. Put in your own numbers and run it again.

# %% alt="Stacked bars of a day's cost on six models, input and output. Input is the larger part on all of them, and the most expensive model costs about a hundred times as much as the cheapest." controls="BUSIEST_HOUR: 100 600 1800 6000; INSTRUCTIONS: 0 300 1000 3000 10000"
from docs.labs.measurements import spend

CHEAP = ("gpt-6-luna", "gpt-5.6-luna", "gpt-6.1-terra")
STRONG = ("gpt-6.1-sol", "gpt-5.6-terra", "gpt-6-astra")
BUSIEST_HOUR, INSTRUCTIONS = 1_800, 3_000  # calls, tokens

traffic = spend.made_up_day(BUSIEST_HOUR, INSTRUCTIONS)
bills = {model: spend.cost(traffic, model) for model in CHEAP + STRONG}
spend.bills_chart(bills)

# %% [markdown]
# The traffic is that of a support assistant: long instructions that are the same in every call, a short question, and an answer
# with some hidden reasoning. There are few calls at night and many in the afternoon. Except in very long prompts, the prices
# per token here are the same in every call. The cost of the day is therefore that of an average call times the number of calls:

# %%
read, written = traffic.read / 1e6, traffic.written / 1e6
print(
    f"{traffic.calls:,} calls, {read:.1f} million tokens in, {written:.1f} million out"
)
for model, bill in bills.items():
    print(f"{model:<14} ${bill.total:>8,.2f}, of it input ${bill.input:,.2f}")

# %% [markdown]
# ## What lowers it
#
# The instructions make up most of the input, and they are the same every time. On these models, input that comes from the cache
# costs only part of the full price.[^prompt-caching+three-prices] And if nobody is waiting for the answer, the Batch API costs
# half.[^batch-api]

# %% alt="Line chart of a day's cost against the share of cached input: it falls in a straight line. A dashed line shows the cost of batch, half of the full price." controls="MODEL: gpt-6-luna gpt-5.6-luna gpt-6.1-sol gpt-6-astra"
MODEL = "gpt-6-luna"
SHARES = [share / 10 for share in range(10)]

by_share = {share: spend.cost(traffic, MODEL, share).total for share in SHARES}
by_batch = spend.cost(traffic, MODEL, batch=True).total
spend.savings_chart(MODEL, by_share, by_batch)

# %%
full, cached = by_share[0], by_share[0.9]
print(f"{MODEL}: ${full:.2f} a day")
print(f"90% of input cached: ${cached:.2f}, {1 - cached / full:.0%} less")
print(f"all by batch:        ${by_batch:.2f}, {1 - by_batch / full:.0%} less")

# %% [markdown]
# For caching, this is an upper bound: the first call after a pause may find nothing in the cache, and on newer models writing to the
# cache costs more than plain input.[^cache-writes]
#
# ## Hour by hour
#
# A monthly budget hides the hour that exceeds it. Here is the day on one model, hour by hour:

# %% alt="Bars of the cost of each hour of the day: lowest at three in the morning, highest in the afternoon."
hourly = [full * calls / traffic.calls for calls in traffic.hours]
spend.hours_chart(MODEL, hourly)

# %%
peak = hourly.index(max(hourly))
print(
    f"busiest hour: {peak}:00, ${hourly[peak]:.2f}, {hourly[peak] / (full / 24):.1f} times the mean"
)

# %% [markdown]
# ## What it means for your program
#
# - Choose the model first: models here differ by a factor of a hundred. Neither caching nor batches comes close.
# - Put what never changes at the beginning of the prompt so that it can be cached. On newer models, mark its end with a
#   [breakpoint](../lessons/prompting.md#an-order-that-caches).[^cache-breakpoints]
# - Look at your own `usage` before you trim. Here input is the larger part; in a program that writes long texts, output may be.
# - For every price, and a calculator for one call, see [Models and prices](../reference/models-and-prices.md).
