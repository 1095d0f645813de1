"""Draws charts as SVG, as wide as a phone and in the page's colors.

This is plain Python, so that a page can draw a chart again in the browser.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TypeAlias

WIDTH, LETTER, LINE = 374, 6.8, 17  # units of the drawing; letters are 12 high
RIGHT = 12  # the margin there
COLORS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b")

Points: TypeAlias = Sequence[tuple[float, float]]


def color(number: int) -> str:
    """Return a color: the page's own, where there is one."""
    number %= len(COLORS)
    return f"var(--chart-{number + 1}, {COLORS[number]})"


@dataclass
class Axis:
    """A direction of a panel. What is not given follows from what is drawn.

    Args:
        label: what it shows, and the unit.
        low: the value at its start.
        high: the value at its end.
        ticks: values that are marked, with their labels.
        log: whether equal distances are equal factors.
    """

    label: str = ""
    low: float | None = None
    high: float | None = None
    ticks: dict[float, str] | None = None
    log: bool = False
    drawn: list[float] = field(default_factory=list)

    def bounds(self) -> tuple[float, float]:
        """Return the values at its start and its end."""
        low = min(self.drawn) if self.low is None else self.low
        high = max(self.drawn) if self.high is None else self.high
        return (low, high) if high > low else (low, low + 1)

    def place(self, value: float) -> float:
        """Return where a value is: 0 at the start, 1 at the end."""
        values = (*self.bounds(), value)
        low, high, at = map(math.log2, values) if self.log else values
        return (at - low) / (high - low)

    def marks(self) -> dict[float, str]:
        """Return the marked values and their labels: at most seven round ones."""
        if self.ticks is not None:
            return self.ticks
        low, high = self.bounds()
        unit = 10 ** math.floor(math.log10((high - low) / 6))
        step = unit * next(
            n for n in (1, 2, 5, 10) if (high - low) / (n * unit) <= 6
        )
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        return {step * n: f"{step * n:,.10g}" for n in range(first, last + 1)}


class Panel:
    """One diagram of a chart. Whatever is drawn is in the units of its axes.

    Args:
        x: from left to right.
        y: from the bottom to the top, or the other way around if `downward`.
        title: what stands above it.
        height: in units of the drawing, without title and labels.
        downward: whether y starts at the top.
    """

    def __init__(
        self,
        x: Axis,
        y: Axis,
        *,
        title: str = "",
        height: int = 150,
        downward: bool = False,
    ) -> None:
        self.x, self.y, self.title = x, y, title
        self.height, self.downward = height, downward
        self.names: list[tuple[str, int]] = []
        self._shapes: list[tuple[str, Points, str]] = []

    def name(self, label: str, number: int) -> None:
        """Say in the legend what a color means."""
        self.names.append((label, number))

    def bar(
        self, start: Sequence[float], end: Sequence[float], number: int
    ) -> None:
        """Fill a rectangle between two corners, each (x, y)."""
        (left, low), (right, high) = start, end
        corners = ((left, low), (right, low), (right, high), (left, high))
        self._draw("polygon", corners, f'fill="{color(number)}" class="bar"')

    def band(self, lows: Points, highs: Points, number: int) -> None:
        """Shade what is between two lines."""
        style = f'fill="{color(number)}" fill-opacity="0.3"'
        self._draw("polygon", (*lows, *reversed(highs)), style)

    def line(self, points: Points, number: int, *, dashed: bool = False) -> None:
        """Draw a line."""
        dash = ' stroke-dasharray="6 4"' * dashed
        style = f'fill="none" stroke="{color(number)}" stroke-width="1.6"{dash}'
        self._draw("polyline", points, style)

    def steps(self, points: Points, number: int) -> None:
        """Draw a line that keeps each value until the next one."""
        corners = [points[0]]
        for x, y in points[1:]:
            corners += [(x, corners[-1][1]), (x, y)]
        self.line(corners, number)

    def dots(self, points: Points, number: int, size: float = 6) -> None:
        """Draw a dot at each point."""
        stroke = f'stroke="{color(number)}" stroke-width="{size}"'
        self._draw("dots", points, f'fill="none" {stroke} stroke-linecap="round"')

    def _draw(self, kind: str, points: Points, style: str) -> None:
        self._shapes.append((kind, points, style))
        self.x.drawn += [x for x, _ in points]
        self.y.drawn += [y for _, y in points]

    def svg(self, top: float) -> tuple[list[str], float]:
        """Return the drawing from a height on, and the height at which it ends."""
        columns, rows = self.x.marks(), self.y.marks()
        letters = max((len(label) for label in rows.values()), default=0)
        self._left = 10 + LETTER * letters + LINE * bool(self.y.label)
        lines = []
        if self.title:
            top += LINE
            lines.append(_text(WIDTH / 2, top - 5, self.title))
        for row in self._legend():
            x = self._left
            for label, number in row:
                swatch = f'width="12" height="8" fill="{color(number)}"'
                lines.append(f'<rect x="{x:.1f}" y="{top + 4:.1f}" {swatch}/>')
                lines.append(_text(x + 16, top + 12, label, "start"))
                x += 30 + LETTER * len(label)
            top += LINE
        self._top = top + 5
        bottom = self._top + self.height
        lines += [self._frame(), *(self._shape(*shape) for shape in self._shapes)]
        for value, label in columns.items():
            lines.append(_text(self._at(value, 0)[0], bottom + 14, label))
        for value, label in rows.items():
            lines.append(_text(self._left - 5, self._down(value) + 4, label, "end"))
        end = bottom + LINE * bool(columns)
        if self.x.label:
            end += LINE
            lines.append(
                _text((self._left + WIDTH - RIGHT) / 2, end - 3, self.x.label)
            )
        if self.y.label:
            turned = f"rotate(-90 12 {self._top + self.height / 2:.1f})"
            lines.append(
                _text(12, self._top + self.height / 2, self.y.label, turn=turned)
            )
        return lines, end + 8

    def _legend(self) -> Iterator[list[tuple[str, int]]]:
        row: list[tuple[str, int]] = []
        room = 0.0
        for label, number in self.names:
            wide = 30 + LETTER * len(label)
            if row and wide > room:
                yield row
                row = []
            if not row:
                room = WIDTH - self._left + 14
            row.append((label, number))
            room -= wide
        if row:
            yield row

    def _down(self, y: float) -> float:
        share = self.y.place(y)
        return self._top + self.height * (share if self.downward else 1 - share)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        across = self._left + (WIDTH - RIGHT - self._left) * self.x.place(x)
        return across, self._down(y) if y or not self.y.log else self._top

    def _frame(self) -> str:
        place = f'x="{self._left:.1f}" y="{self._top:.1f}"'
        size = f'width="{WIDTH - RIGHT - self._left:.1f}" height="{self.height}"'
        line = 'fill="none" stroke="currentColor" stroke-opacity="0.4"'
        return f"<rect {place} {size} {line}/>"

    def _shape(self, kind: str, points: Points, style: str) -> str:
        places = [self._at(x, y) for x, y in points]
        if kind == "dots":
            path = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in places)
            return f'<path d="{path}" {style}/>'
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        return f'<{kind} points="{joined}" {style}/>'


class Chart:
    """Panels below one another, with a title. Notebooks and pages show it."""

    def __init__(self, title: str, *panels: Panel) -> None:
        self.title, self.panels = title, panels

    def _repr_svg_(self) -> str:
        lines, height = [_text(WIDTH / 2, 14, self.title)], 22.0
        for panel in self.panels:
            drawn, height = panel.svg(height)
            lines += drawn
        size = f'viewBox="0 0 {WIDTH} {height:.0f}" font-size="12"'
        return "\n".join(
            [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>', *lines, "</svg>"]
        )


def _text(
    x: float, y: float, text: str, anchor: str = "middle", turn: str = ""
) -> str:
    turned = f' transform="{turn}"' if turn else ""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{turned}'
    return f'<text {place} fill="currentColor">{escape(text)}</text>'
