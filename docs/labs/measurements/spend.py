"""Works out what a day of traffic costs, with the prices of genai-prices."""

import math
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import NamedTuple

from genai_prices import Usage, calc_price

from openai_sandbox.model.families import as_of

from .charts import Axis, Chart, Panel

TODAY = datetime.combine(as_of(), time(12), UTC)


class Traffic(NamedTuple):
    """A day: its calls by the hour, and the tokens of all calls together."""

    hours: list[int]
    read: int
    written: int

    @property
    def calls(self) -> int:
        """The calls of the day."""
        return sum(self.hours)


class Bill(NamedTuple):
    """What a day costs, in dollars."""

    input: float
    output: float

    @property
    def total(self) -> float:
        """Both together."""
        return self.input + self.output


def made_up_day(busiest: int, instructions: int) -> Traffic:
    """Return a day of a support assistant, with most calls in the afternoon.

    Every call reads the instructions and a short question, and writes an answer
    with some hidden reasoning. `instructions` is their length in tokens.
    """
    rng = random.Random(7)

    def calls_in(hour: int) -> int:
        wave = 1 + math.cos((hour - 15) * math.tau / 24)
        return round(busiest / 2 * wave + rng.uniform(0, 100))

    hours = [calls_in(hour) for hour in range(24)]
    read = written = 0
    for _ in range(sum(hours)):
        read += instructions + rng.randint(20, 400)
        written += rng.randint(80, 300) + rng.choice((0, 64, 128))
    return Traffic(hours, read, written)


def cost(
    traffic: Traffic, model: str, cached_share: float = 0.0, batch: bool = False
) -> Bill:
    """Return what the day costs on a model: an average call times their number."""
    average = traffic.read / traffic.calls
    usage = Usage(
        input_tokens=round(average),
        cache_read_tokens=round(average * cached_share),
        output_tokens=round(traffic.written / traffic.calls),
    )
    price = calc_price(
        usage,
        model,
        provider_id="openai",
        genai_request_timestamp=TODAY,
        price_context={"processing": "batch"} if batch else None,
    )
    prices = (price.input_price, price.output_price)
    return Bill(*(float(each) * traffic.calls for each in prices))


def bills_chart(bills: Mapping[str, Bill]) -> Chart:
    """Draw the cost of the day on each model, input and output."""
    middles = {row + 0.5: model for row, model in enumerate(bills)}
    x, y = Axis("dollars a day", 0), Axis("", 0, len(bills), middles)
    panel = Panel(x, y, downward=True)
    panel.name("input", 0)
    panel.name("output", 1)
    for row, bill in enumerate(bills.values()):
        panel.bar((0, row + 0.1), (bill.input, row + 0.9), 0)
        panel.bar((bill.input, row + 0.1), (bill.total, row + 0.9), 1)
    return Chart(f"A day of traffic, simulated; prices of {TODAY:%Y-%m-%d}", panel)


def savings_chart(
    model: str, by_share: Mapping[float, float], by_batch: float
) -> Chart:
    """Draw the cost of the day against the share of cached input."""
    x = Axis("input from the cache, percent", 0, 100)
    panel = Panel(x, Axis("dollars a day", 0))
    panel.name("with cached input", 0)
    panel.name("batch, nothing cached", 1)
    points = [(100 * share, cost) for share, cost in by_share.items()]
    panel.line(points, 0)
    panel.dots(points, 0)
    panel.line([(0, by_batch), (100, by_batch)], 1, dashed=True)
    title = f"{model}, traffic simulated; prices of {TODAY:%Y-%m-%d}"
    return Chart(title, panel)


def hours_chart(model: str, hourly: Sequence[float]) -> Chart:
    """Draw the cost of each hour of the day."""
    panel = Panel(Axis("hour", 0, 24), Axis("dollars", 0), height=130)
    panel.name("mean", 1)
    for hour, cost in enumerate(hourly):
        panel.bar((hour + 0.1, 0), (hour + 0.9, cost), 0)
    mean = sum(hourly) / len(hourly)
    panel.line([(0, mean), (24, mean)], 1, dashed=True)
    title = f"{model} by hour, traffic simulated; prices of {TODAY:%Y-%m-%d}"
    return Chart(title, panel)
