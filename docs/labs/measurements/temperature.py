"""Measures what a temperature does to the next token, and to whole answers."""

from collections import Counter
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure
from openai import DefaultHttpxClient, OpenAI

from openai_sandbox.core import Core
from openai_sandbox.model import answers, tokens
from openai_sandbox.model.sampling import distribution
from openai_sandbox.transport import SandboxTransport

from .figures import panels


def first_token(prompt: str, temperature: float) -> dict[str, float]:
    """Return the probabilities of the first token of an answer."""
    known = answers.find([answers.Message("user", prompt)])
    chances = distribution(answers.tree(known or ()), temperature, top_p=1)
    return {tokens.pieces([token])[0]: chance for token, chance in chances}


def ask_again_and_again(
    prompt: str, temperatures: Sequence[float], runs: int
) -> dict[float, Counter[str]]:
    """Return how often each answer came, by temperature."""
    http_client = DefaultHttpxClient(transport=SandboxTransport(Core(seed=1)))
    with OpenAI(api_key="sk-sandbox-lab", http_client=http_client) as client:

        def ask(temperature: float) -> str:
            response = client.responses.create(
                model="gpt-6-luna",
                reasoning={"effort": "none"},
                input=prompt,
                temperature=temperature,
            )
            return response.output_text

        return {
            temperature: Counter(ask(temperature) for _ in range(runs))
            for temperature in temperatures
        }


def first_token_chart(chances: Mapping[float, Mapping[str, float]]) -> Figure:
    """Draw the probabilities of each token, a bar for each temperature."""
    figure, (panel,) = panels("The next token, simulated model")
    words = list(dict.fromkeys(word for each in chances.values() for word in each))
    width = 0.8 / len(chances)
    for number, (temperature, each) in enumerate(chances.items()):
        places = [place + number * width for place in range(len(words))]
        heights = [each.get(word, 0) for word in words]
        panel.bar(places, heights, width, label=f"temperature {temperature}")
    middle = width * (len(chances) - 1) / 2
    panel.set_xticks([place + middle for place in range(len(words))], words)
    panel.set(xlabel="first token of the answer", ylabel="chance")
    panel.legend()
    return figure


def answers_chart(counts: Mapping[float, Counter[str]]) -> Figure:
    """Draw how often each answer came, as one bar for each temperature."""
    title = "Different answers to one question, simulated model"
    figure, (panel,) = panels(title)
    colors: dict[str, str] = {}
    for temperature, counted in counts.items():
        left = 0
        for answer, times in counted.most_common():
            color = colors.setdefault(answer, f"C{len(colors)}")
            bar = panel.barh(f"{temperature}", times, left=left, color=color)
            bar[0].set_edgecolor("white")
            left += times
    panel.invert_yaxis()
    runs = max(counted.total() for counted in counts.values())
    label = f"answers of {runs}, each in its own color"
    panel.set(xlabel=label, ylabel="temperature")
    return figure
