"""A lab's control runs again what depends on its constant, and nothing else."""

import pytest

from docs._tools.site.lab_controls import Cell, ControlError, description, page_data, places

CELLS = (
    Cell(
        "from here import lab\nRUNS, HEAT = 20, 0.5\nfound = lab.measure(RUNS)\nlab.chart(found)",
        "Dots",
        "RUNS: 5 20",
        None,
    ),
    Cell("for each in found:\n    print(each, HEAT)", None, None, 0),
    Cell("found = lab.other()\nprint(found)", None, None, 1),
    Cell('MODEL = "small"\nlab.bars(lab.cost(MODEL, HEAT))', "Bars", "MODEL: small large; HEAT: 0.1 0.5", None),
)


def test_the_program_of_a_control_has_what_depends_on_it_and_what_that_needs() -> None:
    data = page_data(CELLS, {"a.py": "x = 1"})
    runs, model, heat = data["controls"]
    assert runs["program"].splitlines() == [
        "from page import write as show",
        'show("cell", "")',
        "from here import lab",
        "RUNS, HEAT = 20, 0.5",
        "#: HEAT",
        "#: RUNS",
        "found = lab.measure(RUNS)",
        'show("chart", "0 " + (lab.chart(found))._repr_svg_())',
        'show("cell", "0")',
        "for each in found:",
        "    print(each, HEAT)",
    ]
    assert "lab.measure" not in model["program"]
    assert 'show("chart", "1 " + (lab.bars(lab.cost(MODEL, HEAT)))._repr_svg_())' in model["program"]
    assert "print(each, HEAT)" in heat["program"]
    assert "lab.bars" in heat["program"]
    assert "lab.other()" not in heat["program"], "a later value of the same name is another one"
    assert data["files"] == {"a.py": "x = 1"}


def test_a_control_has_its_values_and_the_one_of_the_lab() -> None:
    data = page_data(CELLS, {})
    assert [(each["chart"], each["values"], each["value"]) for each in data["controls"]] == [
        (0, [5, 20], 20),
        (1, ["small", "large"], "small"),
        (1, [0.1, 0.5], 0.5),
    ]
    assert sorted(places(data)) == [0, 1]
    assert 'data-controls="2"' in places(data)[1]
    assert "program" not in description("lab.json", data)


@pytest.mark.parametrize(
    ("controls", "said"),
    [
        ("SPEED: 1 2", "no cell assigns a number or a text to SPEED"),
        ("N: 1 2", "N is 3, which is not among the values"),
    ],
)
def test_a_control_that_does_not_fit_the_lab_is_named(controls: str, said: str) -> None:
    with pytest.raises(ControlError, match=said):
        page_data([Cell("N = 3\nchart(N)", "A line", controls, None)], {})
