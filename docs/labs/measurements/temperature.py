"""Measures what a temperature does to the next token, and to whole answers."""

from collections import Counter
from collections.abc import Mapping, Sequence

from openai import DefaultHttpxClient, OpenAI

from openai_sandbox.core import Core
from openai_sandbox.model import answers, tokens
from openai_sandbox.model.sampling import distribution
from openai_sandbox.transport import SandboxTransport

from .charts import Axis, Chart, Panel


def first_token(prompt: str, temperature: float) -> dict[str, float]:
    """Return the probabilities of the first token of an answer."""
    known = answers.find([answers.Message("user", prompt)])
    chances = distribution(answers.tree(known or ()), temperature, top_p=1)
    return {tokens.pieces([token])[0]: chance for token, chance in chances}


def ask_again_and_again(
    prompt: str, temperatures: Sequence[float], runs: int
) -> dict[float, Counter[str]]:
    """Return how often each answer came, by temperature."""
    http_client = DefaultHttpxClient(transport=SandboxTransport(Core(seed=3)))
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


def first_token_chart(chances: Mapping[float, Mapping[str, float]]) -> Chart:
    """Draw the probabilities of each token, a bar for each temperature."""
    words = list(dict.fromkeys(word for each in chances.values() for word in each))
    middles = {place + 0.5: word for place, word in enumerate(words)}
    x = Axis("first token of the answer", 0, len(words), middles)
    panel = Panel(x, Axis("chance", 0, 1))
    width = 0.8 / len(chances)
    for number, (temperature, each) in enumerate(chances.items()):
        panel.name(f"temperature {temperature}", number)
        for place, word in enumerate(words):
            left = place + 0.1 + number * width
            panel.bar((left, 0), (left + width, each.get(word, 0)), number)
    return Chart("The next token, simulated model", panel)


def answers_chart(counts: Mapping[float, Counter[str]]) -> Chart:
    """Draw how often each answer came, as one bar for each temperature."""
    runs = max(counted.total() for counted in counts.values())
    middles = {row + 0.5: f"{heat}" for row, heat in enumerate(counts)}
    x = Axis(f"answers of {runs}, each in its own color", 0, runs)
    panel = Panel(x, Axis("temperature", 0, len(counts), middles), downward=True)
    colors: dict[str, int] = {}
    for row, counted in enumerate(counts.values()):
        left = 0
        for answer, times in counted.most_common():
            number = colors.setdefault(answer, len(colors))
            panel.bar((left, row + 0.1), (left + times, row + 0.9), number)
            left += times
    return Chart("Different answers to one question, simulated model", panel)
