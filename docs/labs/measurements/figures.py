"""Figures of all labs: as wide as a phone, with text that stays text in an SVG."""

from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

mpl.rcParams["svg.fonttype"] = "none"
mpl.rcParams["path.simplify"] = False  # else it drops the dots of retries.py
mpl.rcParams["font.size"] = 12
mpl.rcParams["figure.titlesize"] = "medium"
mpl.rcParams["axes.titlesize"] = "medium"

WIDTH = 5.2  # inches: 374 units of the drawing, about the pixels of a phone


def panels(
    title: str, number: int = 1, *, height: float = 2.8, **options: Any
) -> tuple[Figure, list[Axes]]:
    """Return a figure with a title, and its panels from top to bottom."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    figure.suptitle(title)
    found = figure.subplots(number, 1, squeeze=False, **options)
    return figure, list(found[:, 0])
