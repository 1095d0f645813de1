# ---
# description: A lab on temperature. The next-token distribution at four temperatures, and how many different answers fifty runs give.
# kind: Lab
# level: Beginner
# minutes: 8
# ---

# %% [markdown]
# # Temperature
#
# A model does not choose a word. It gives every possible next token a probability, and then one token is drawn. `temperature`
# changes these probabilities before the draw. Here you can watch it happen in a model small enough to look into.

# %%
from collections import Counter

import matplotlib.pyplot as plt
from openai import DefaultHttpxClient, OpenAI

from openai_sandbox.core import Core
from openai_sandbox.model import answers, tokens
from openai_sandbox.model.sampling import distribution
from openai_sandbox.transport import SandboxTransport

# %config InlineBackend.figure_formats = ["svg"]
plt.rcParams["svg.fonttype"] = "none"

TEMPERATURES = (0, 0.7, 1, 1.5)
PROMPT = "Write a tagline for a bakery."

# %% [markdown]
# ## The next token
#
# The simulated model knows six taglines. They begin in different ways, so there are several possible first tokens. These are
# their probabilities at four temperatures:

# %%
tree = answers.tree(answers.find([answers.Message("user", PROMPT)]) or ())
first = {heat: dict(distribution(tree, heat, top_p=1)) for heat in TEMPERATURES}
words = {token: tokens.pieces([token])[0] for token in first[1]}

for heat, chances in first.items():
    print(
        heat, {words[token]: round(chance, 3) for token, chance in chances.items()}
    )

# %% alt="Four bar charts of the chances of the first token. At temperature 0 one token has all of them. From 0.7 to 1.5 the bars become more and more alike."
figure, panels = plt.subplots(
    1, 4, figsize=(9, 2.8), sharey=True, layout="constrained"
)
for panel, (heat, chances) in zip(panels, first.items(), strict=True):
    panel.bar(
        [words[token] for token in words],
        [chances.get(token, 0) for token in words],
    )
    panel.set_title(f"temperature {heat}", fontsize="medium")
    panel.tick_params("x", rotation=60)
panels[0].set_ylabel("chance of the first token")
figure.suptitle("The next token, simulated model")
plt.show()

# %% [markdown]
# The formula is short. Raise every probability to the power of one over the temperature, then scale the results so that they add
# up to one again:


# %%
def bend(chances: dict[int, float], temperature: float) -> dict[int, float]:
    """Apply a temperature to probabilities."""
    powers = {
        token: chance ** (1 / temperature) for token, chance in chances.items()
    }
    return {token: power / sum(powers.values()) for token, power in powers.items()}


largest_difference = max(
    abs(bend(first[1], heat)[token] - first[heat][token])
    for heat in (0.7, 1.5)
    for token in words
)
print("same as the sampler's, to 12 digits:", largest_difference < 1e-12)

# %% [markdown]
# Below 1, likely tokens become more likely. Above 1, unlikely tokens get a better chance. At 0 the formula would divide by zero,
# so the most likely token is taken.

# %% [markdown]
# ## Fifty answers
#
# Temperature acts on every token, and every token depends on those before it, so the effect on whole answers is larger than on
# one token. Here is the same question, fifty times at each temperature:

# %%
client = OpenAI(
    api_key="sk-sandbox-lab",
    http_client=DefaultHttpxClient(transport=SandboxTransport(Core(seed=1))),
)


def ask(temperature: float) -> str:
    """Ask for a tagline."""
    response = client.responses.create(
        model="gpt-6-luna",
        reasoning={"effort": "none"},
        input=PROMPT,
        temperature=temperature,
    )
    return response.output_text


counts = {heat: Counter(ask(heat) for _ in range(50)) for heat in TEMPERATURES}
distinct = {heat: len(counted) for heat, counted in counts.items()}
favorite = {heat: counted.most_common(1)[0][1] for heat, counted in counts.items()}

for heat in TEMPERATURES:
    print(
        f"{heat:>3}: {distinct[heat]} different answers, the favorite {favorite[heat]} times"
    )

# %% alt="Stacked bars: how often each answer came up in fifty runs. At temperature 0 there is only one answer. At 1.5 the answers have nearly equal shares."
figure, panel = plt.subplots(figsize=(7, 3), layout="constrained")
for heat in TEMPERATURES:
    left = 0
    for rank, (_, times) in enumerate(counts[heat].most_common()):
        panel.barh(f"{heat}", times, left=left, color=f"C{rank}", edgecolor="white")
        left += times
panel.invert_yaxis()
panel.set(xlabel="answers of 50, one color each", ylabel="temperature")
figure.suptitle("Different answers to one question, simulated model")
plt.show()

# %% [markdown]
# ## What it means for your program
#
# - Reasoning models reject `temperature` unless they support the effort `none` and you set
#   it,[^reasoning-rejects-temperature] as the call above does. See [which model accepts what](../reference/parameters.md).
# - Here temperature 0 gives the same answer fifty times. With real models that is not guaranteed, even with a
#   `seed`.[^temperature-not-deterministic] Never build a cache key or a test on it.
# - For output in a fixed form, ask for a schema. Temperature does not make text valid.
# - Six taglines are all this model knows. A real model has no such limit: at high temperatures it also produces text that makes
#   no sense.
