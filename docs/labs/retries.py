# ---
# description: A lab on retries. How long the openai client waits over two hundred runs, compared with its formula, and how layers of retries multiply requests in an outage.
# kind: Lab
# level: Intermediate
# minutes: 10
# ---

# %% [markdown]
# # Retries
#
# The client retries on its own after connection errors, timeouts and some statuses, twice by
# default.[^retried-statuses+retries-default] How long does it wait in between, and what happens when other layers retry as well?

# %% alt="Dots of two hundred waits before each of seven retries. The waits double from half a second to eight seconds and stay there. All lie in the band between three quarters of the formula and the formula." controls="RETRIES: 1 3 5 7 9; RUNS: 50 100 200"
from docs.labs.measurements import retries

RUNS, RETRIES = 200, 7

waits = retries.waits_before_retries(RUNS, RETRIES)
retries.waits_chart(waits)

# %% [markdown]
# Here every request gets status 500, and the client may retry `RETRIES` times. Two hundred runs give two hundred waits before each
# retry. The wait doubles up to a ceiling, and a random part of it is subtracted so that many clients do not come back at the same
# moment.[^backoff] A `Retry-After` header of up to two minutes replaces the wait.[^retry-after]

# %%
for retry, measured in enumerate(waits, 1):
    low, high = retries.formula(retry)
    print(
        f"retry {retry}: {min(measured):.2f} to {max(measured):.2f} s; formula {low:g} to {high:g} s"
    )

# %% [markdown]
# Time is simulated: the event loop of [looptime](https://pypi.org/project/looptime/) jumps over every wait. The client and
# its waits are real.
#
# ## Layers multiply
#
# The client tries three times.[^retries-default] Many programs wrap it in a decorator that also tries three times. Around that, a
# queue delivers a failed job three times. During an outage, one question becomes this many requests:

# %%
LAYERS = ("no retries", "the client", "and a decorator", "and a queue")

print({name: retries.requests_in_an_outage(n) for n, name in enumerate(LAYERS)})

# %% [markdown]
# ## A retry storm
#
# A hundred users ask while the API is down. This is how many requests reach it each second, with only the client's retries and
# with two layers around them, each of which waits one second between its attempts:

# %% alt="Step chart of requests a second during an outage of twenty seconds. With the client's retries alone the load ends soon after the questions. With two layers around them, which wait a second between their attempts, it climbs while users arrive, to about 130, and stays there until the outage ends." controls="USERS: 20 50 100 200; DOWN_FOR: 5.0 10.0 20.0 40.0"
USERS, ARRIVE_WITHIN, DOWN_FOR = 100, 10.0, 20.0

loads = {
    name: retries.load_of_an_outage(layers, USERS, ARRIVE_WITHIN, DOWN_FOR)
    for layers, name in ((0, "client alone"), (2, "two layers around it"))
}
retries.load_chart(loads, DOWN_FOR)

# %%
totals = {name: load.total() for name, load in loads.items()}
print(f"requests for {USERS} questions:", totals)

# %% [markdown]
# ## What it means for your program
#
# - Let only one layer retry. If a queue or a decorator does, create the client with `max_retries=0`.
# - Give the whole task a deadline. More attempts do not end an outage.
# - The client also retries a 429 with `insufficient_quota`, but waiting does not bring you credit.[^quota-retried+quota-codes] Stop when
#   you see it.
