"""A chart of a lab that cannot be read by all stops the build."""

import pytest

from docs._tools.site import labs


def test_a_chart_without_a_description_stops_the_build() -> None:
    svg = '<svg viewBox="0 0 1 1"><text>a simulated day</text></svg>'
    with pytest.raises(labs.LabError, match=r'docs/labs/x.py: a chart without a description.*alt="..."'):
        labs.chart(svg, None, "docs/labs/x.py")
    with pytest.raises(labs.LabError, match="does not say 'simulated'"):
        labs.chart(svg.replace("simulated ", ""), "A day", "docs/labs/x.py")
