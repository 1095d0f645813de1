# ---
# description: A lab on concurrency. How many calls at once pay off under a rate limit, and timelines of sequential calls, gather, a semaphore and pacing.
# kind: Lab
# level: Intermediate
# minutes: 12
# ---

# %% [markdown]
# # Concurrency
#
# A call to the API is mostly waiting, and many calls can wait at the same time. How much does that save, and where does the gain
# end?

# %% alt="Line chart of the speed-up against the number of calls at once, from 1 to 64. Without a limit it doubles with the number. Under a limit of ten a second it flattens from about twelve calls on." controls="SECONDS_A_CALL: 0.3 0.6 1.2 2.4 4.8; REQUESTS_A_SECOND: 2 5 10 20 50"
from docs.labs.measurements import concurrency

CALLS, SECONDS_A_CALL, REQUESTS_A_SECOND = 64, 1.2, 10
WIDTHS = (1, 2, 4, 8, 16, 32, 64)

free = concurrency.speed_up(CALLS, WIDTHS, SECONDS_A_CALL)
limited = concurrency.speed_up(CALLS, WIDTHS, SECONDS_A_CALL, REQUESTS_A_SECOND)
gains = {"no limit": free, f"{REQUESTS_A_SECOND} requests a second": limited}
concurrency.speed_up_chart(gains, REQUESTS_A_SECOND * SECONDS_A_CALL)

# %% [markdown]
# Here, without a limit, twice as many calls at once take half the time. With a limit, the gain ends when the calls in progress
# already use all of it. That number of calls is the rate per second multiplied by the seconds a call takes:

# %%
print("no limit:     ", {width: round(gain, 1) for width, gain in free.items()})
print("with a limit: ", {width: round(gain, 1) for width, gain in limited.items()})
print("worth having: ", REQUESTS_A_SECOND * SECONDS_A_CALL, "at once")

# %% [markdown]
# Time is simulated too: the event loop of [looptime](https://pypi.org/project/looptime/) jumps over every wait, and the numbers
# are the same each time.
#
# ## Three ways to make twelve calls
#
# One after the other, all at once with `gather`, and with a semaphore that allows four at a time:

# %% alt="Three timelines of twelve calls, one below the other. One by one they form a staircase. With a semaphore of four they form three blocks. With gather all bars start together." controls="AT_MOST: 2 3 4 6 12"
AT_MOST = 4

programs = {
    "one by one": concurrency.one_by_one(12),
    f"semaphore of {AT_MOST}": concurrency.together(12, at_most=AT_MOST),
    "gather": concurrency.together(12),
}
ways = {
    name: concurrency.measure(program, SECONDS_A_CALL)
    for name, program in programs.items()
}
concurrency.timelines_chart(ways, "Twelve calls")

# %%
took = {name: round(concurrency.seconds(spans), 2) for name, spans in ways.items()}
print("seconds:", took)

# %% [markdown]
# ## Stay under the rate limit
#
# Now make forty calls from an account that has nearly used up its limit for the minute. Its allowance comes back evenly, a little
# each second. Without pacing, all forty go out together, most are rejected, and the client's retries are soon used up. Pacing
# stays within the limit from the start:

# %% alt="Two timelines of forty calls under a rate limit, one below the other. Started all at once, half of the bars are marked as lost. Paced, the bars form an even diagonal and all are answered." controls="REQUESTS_A_MINUTE: 60 120 240 480; USED: 0 50 110"
REQUESTS_A_MINUTE, USED = 120, 110

programs = {
    "all at once": concurrency.together(40),
    "paced": concurrency.together(40, per_second=REQUESTS_A_MINUTE / 60),
}
ways = {
    name: concurrency.measure(program, SECONDS_A_CALL, REQUESTS_A_MINUTE, USED)
    for name, program in programs.items()
}
concurrency.timelines_chart(ways, "Forty calls under a rate limit")

# %%
for name, spans in ways.items():
    requests, lost = sum(span.requests for span in spans), concurrency.lost(spans)
    print(f"{name}: {requests} requests for {len(spans)} calls, {lost} calls lost")

# %% [markdown]
# In your own program, use [aiolimiter](https://pypi.org/project/aiolimiter/) for pacing: `AsyncLimiter(1, 0.5)` starts a call
# every half second. `AsyncLimiter(120, 60)` would start all forty at once.[^aiolimiter-burst] This lab uses a few lines of
# its own instead.
#
# ## What it means for your program
#
# - Multiply the requests you may send per second by the seconds one takes. If you make more calls at once than that, the rest
#   only wait in a queue or are rejected.
# - Read the limit from [the headers of a response](../reference/objects/response-headers.md#your-rate-limits), not from a blog.
# - Pace the calls you start instead of relying on retries. A rejected request counts against the limit
#   too.[^failed-requests-count]
# - Here every call takes the same time. Real calls vary, and there is a limit on tokens in addition to the one on requests, so
#   leave some room.
