"""Controls below the charts of a lab: a reader turns a number of the lab, and the page measures and draws again.

A cell `# %% alt="..." controls="RETRIES: 1 3 5 7; USERS: 10 50 100"` names constants of the lab and the values to
choose from. What a control changes is found in the code: the statements that use its constant, directly or through
others, are run again, with everything that these need. They run in the reader's browser, in the same words as here.
"""

import ast
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SCRIPT = "assets/js/lab-controls.js"
PLACE = 'class="lab-controls"'
RESERVED = 'class="lab-controls reserved"'
"""The same where the script will fill it: the page keeps room, so that nothing moves."""
MARK = "#: "
"""Begins a line in a program at which the page puts the chosen value of the constant that it names."""


class ControlError(ValueError):
    """A control that cannot be shown. The message says which, and how to fix it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell of a lab. `output` counts the cells that print something; None: it prints nothing."""

    source: str
    alt: str | None
    controls: str | None
    output: int | None


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement of a cell: its lines, and the names that it defines and uses."""

    cell: int
    source: str
    is_last_expression: bool
    defines: frozenset[str]
    uses: frozenset[str]


def page_data(cells: Sequence[Cell], modules: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page's script has to know of a lab: `files` by path, and `controls` by the number of their chart.

    Raises:
        ControlError: a control names no constant, or its value in the lab is not among those to choose from.
    """
    found = [statement for number, cell in enumerate(cells) for statement in _statements(number, cell)]
    constants = _constants(found)
    charts = [number for number, cell in enumerate(cells) if cell.alt]
    wanted = [(charts.index(number), *control) for number in charts for control in _named(cells[number].controls)]
    names = frozenset(name for _, name, _ in wanted)
    controls = []
    for chart, name, values in wanted:
        if name not in constants:
            raise ControlError(f"no cell assigns a number or a text to {name}, which a control names")
        if constants[name] not in values:
            raise ControlError(f"{name} is {constants[name]!r}, which is not among the values of its control: {values}")
        program = _program(cells, found, name, names)
        controls.append({"chart": chart, "name": name, "values": values, "value": constants[name], "program": program})
    return {"files": dict(modules), "controls": controls}


def _named(controls: str | None) -> Iterator[tuple[str, list[Any]]]:
    """Yield the names and the values of controls, which are written like `RETRIES: 1 3 5; MODEL: gpt-6-luna`."""
    for control in (controls or "").split(";") if controls else ():
        name, _, values = control.partition(":")
        yield name.strip(), [_value(value) for value in values.split()]


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text


def _statements(number: int, cell: Cell) -> Iterator[_Statement]:
    body = ast.parse(cell.source).body
    for node in body:
        source = ast.get_source_segment(cell.source, node) or ""
        stored: set[str] = set()
        loaded: set[str] = set()
        for each in ast.walk(node):
            if isinstance(each, ast.Name):
                (loaded if isinstance(each.ctx, ast.Load) else stored).add(each.id)
            elif isinstance(each, ast.alias):
                stored.add(each.asname or each.name.partition(".")[0])
            elif isinstance(each, ast.FunctionDef):
                stored.add(each.name)
        is_last_expression = node is body[-1] and isinstance(node, ast.Expr)
        yield _Statement(number, source, is_last_expression, frozenset(stored), frozenset(loaded))


def _constants(statements: Sequence[_Statement]) -> dict[str, Any]:
    """Return the names to which the lab assigns numbers and texts as they are written."""
    found: dict[str, Any] = {}
    for statement in statements:
        (node,) = ast.parse(statement.source).body
        if isinstance(node, ast.Assign):
            (target,) = node.targets
            targets = target.elts if isinstance(target, ast.Tuple) else [target]
            values = (
                node.value.elts if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple) else [node.value]
            )
            for name, value in zip(targets, values, strict=False):
                if isinstance(name, ast.Name) and isinstance(value, ast.Constant):
                    found[name.id] = value.value
    return found


def _program(cells: Sequence[Cell], found: Sequence[_Statement], name: str, names: frozenset[str]) -> str:
    """Return the program that measures and draws again what depends on a name."""
    needs: list[set[int]] = []  # the statements that each one needs
    last: dict[str, int] = {}  # the statement that defined a name last
    for number, statement in enumerate(found):
        needs.append({last[used] for used in statement.uses if used in last})
        last |= dict.fromkeys(statement.defines, number)
    changed: set[int] = set()
    for number, statement in enumerate(found):
        if needs[number] & changed or (name in statement.uses and name in last):
            changed.add(number)
    kept: set[int] = set()
    waiting = list(changed)
    while waiting:
        number = waiting.pop()
        if number not in kept:
            kept.add(number)
            waiting += needs[number]
    lines = ["from page import write as show"]
    cell = None
    for number in sorted(kept):
        statement = found[number]
        if statement.cell != cell:
            cell = statement.cell
            lines.append(f'show("cell", "{"" if cells[cell].output is None else cells[cell].output}")')
        if statement.is_last_expression and cells[statement.cell].alt:
            chart = sum(bool(each.alt) for each in cells[: statement.cell])
            lines.append(f'show("chart", "{chart} " + ({statement.source})._repr_svg_())')
        else:
            lines.append(statement.source)
        lines += [f"{MARK}{each}" for each in sorted(statement.defines & names)]
    return "\n".join(lines) + "\n"


def places(data: Mapping[str, Any]) -> Mapping[int, str]:
    """Return the elements that the script fills with controls, by the number of the chart that they are below."""
    counts = Counter(control["chart"] for control in data["controls"])
    return {chart: f'<div {PLACE} data-chart="{chart}" data-controls="{n}"></div>' for chart, n in counts.items()}


def description(address: str, data: Mapping[str, Any]) -> str:
    """Return what the script has to know as an element of the page.

    Args:
        address: where the site has the lab's data, relative to the page.
        data: the lab's data.
    """
    shown = [{key: control[key] for key in ("chart", "name", "values", "value")} for control in data["controls"]]
    text = json.dumps({"data": address, "controls": shown}).replace("<", "\\u003c")
    return f'<script id="lab-controls" type="application/json">{text}</script>'
