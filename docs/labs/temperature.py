# ---
# description: A lab on temperature. The next-token distribution at four temperatures, and how many different answers fifty runs give.
# kind: Lab
# level: Beginner
# minutes: 8
# ---

# %% [markdown]
# # Temperature
#
# What does `temperature` do to the next token, and what to whole answers? Here you can watch it in a model small enough to look
# into.

# %% alt="Bars of the chances of five first tokens at four temperatures. At temperature 0 one token has all of them. From 0.7 to 1.5 the tokens become more and more alike." controls="HOTTEST: 0.2 0.5 1.2 1.5 2"
from docs.labs.measurements import temperature

PROMPT = "Write a tagline for a bakery."
HOTTEST = 1.5
TEMPERATURES = (0, 0.7, 1, HOTTEST)

first = {heat: temperature.first_token(PROMPT, heat) for heat in TEMPERATURES}
temperature.first_token_chart(first)

# %% [markdown]
# A model does not choose a word. It gives every possible next token a probability, and then one token is drawn. `temperature`
# changes these probabilities before the draw. The simulated model knows six taglines. They begin in different ways, so there are
# several possible first tokens:

# %%
for heat, chances in first.items():
    print(heat, {token: round(chance, 3) for token, chance in chances.items()})

# %% [markdown]
# Below 1, the most likely token becomes even more likely. Above 1, unlikely tokens get a better chance.
#
# ## The formula
#
# The formula is short. Raise every probability to the power of one over the temperature, then scale the results so that they add
# up to one again:


# %%
def bend(chances: dict[str, float], heat: float) -> dict[str, float]:
    """Apply a temperature to probabilities."""
    powers = {token: chance ** (1 / heat) for token, chance in chances.items()}
    return {token: power / sum(powers.values()) for token, power in powers.items()}


largest_difference = max(
    abs(bend(first[1], heat)[token] - first[heat][token])
    for heat in (0.7, HOTTEST)
    for token in first[1]
)
print("same as the sampler's, to 12 digits:", largest_difference < 1e-12)

# %% [markdown]
# At 0 the formula would divide by zero, so the most likely token is taken.
#
# ## Fifty answers
#
# Temperature acts on every token, and every token depends on those before it, so whole answers can differ more than single tokens.
# Here is the same question, fifty times at each temperature:

# %% alt="Stacked bars: how often each answer came up in fifty runs. At temperature 0 there is only one answer. At the others there are six, and at 0.7 the most frequent one has nearly half." controls="RUNS: 10 20 50 100 200"
RUNS = 50

counts = temperature.ask_again_and_again(PROMPT, TEMPERATURES, RUNS)
temperature.answers_chart(counts)

# %%
for heat, counted in counts.items():
    favorite = counted.most_common(1)[0][1]
    print(
        f"{heat:>3}: {len(counted)} different answers, the favorite {favorite} times"
    )

# %% [markdown]
# The higher the temperature, the more evenly the answers tend to be spread. But fifty draws are few, so chance plays a part: with
# some seeds of the sandbox, the favorite comes up more often at a higher temperature.
#
# ## What it means for your program
#
# - Reasoning models may reject `temperature`.[^reasoning-rejects-temperature] This lab sets the effort `none`. See
#   [which model accepts what](../reference/parameters.md).
# - Here temperature 0 gives the same answer fifty times. With real models that is not guaranteed, even with the `seed` of Chat
#   Completions.[^temperature-not-deterministic] Never build a cache key or a test on it.
# - For output in a fixed form, give the model a schema. Temperature does not make text valid.
# - Six taglines are all this model knows. A real model has no such limit: at high temperatures it may produce text that makes no
#   sense.
