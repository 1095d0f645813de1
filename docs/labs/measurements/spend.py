"""Works out what a day of traffic costs, with the prices of genai-prices."""

import math
import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from genai_prices import Usage, calc_price
from matplotlib.figure import Figure

from docs._tools.data.as_of import noon

from .figures import panels

TODAY = noon()


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


def bills_chart(bills: Mapping[str, Bill]) -> Figure:
    """Draw the cost of the day on each model, input and output."""
    title = f"A day of traffic, simulated; prices of {TODAY:%Y-%m-%d}"
    figure, (panel,) = panels(title)
    read = [bill.input for bill in bills.values()]
    written = [bill.output for bill in bills.values()]
    panel.barh(list(bills), read, label="input")
    panel.barh(list(bills), written, left=read, label="output")
    panel.invert_yaxis()
    panel.set(xlabel="dollars a day")
    panel.legend()
    return figure


def savings_chart(
    model: str, by_share: Mapping[float, float], by_batch: float
) -> Figure:
    """Draw the cost of the day against the share of cached input."""
    title = f"{model}, traffic simulated; prices of {TODAY:%Y-%m-%d}"
    figure, (panel,) = panels(title)
    percent = [100 * share for share in by_share]
    panel.plot(percent, list(by_share.values()), "o-", label="with cached input")
    panel.axhline(
        by_batch, linestyle="--", color="C1", label="batch, nothing cached"
    )
    panel.set(xlabel="input from the cache, percent", ylabel="dollars a day")
    panel.set_ylim(0, None)
    panel.legend()
    return figure


def hours_chart(model: str, hourly: Sequence[float]) -> Figure:
    """Draw the cost of each hour of the day."""
    title = f"{model} by hour, traffic simulated; prices of {TODAY:%Y-%m-%d}"
    figure, (panel,) = panels(title, height=2.6)
    panel.bar(range(24), hourly)
    panel.axhline(sum(hourly) / 24, linestyle="--", color="C1", label="mean")
    panel.set(xlabel="hour", ylabel="dollars")
    panel.legend()
    return figure
