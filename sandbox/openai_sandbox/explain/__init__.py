"""Explains a traceback or message: which known problem it is, why it happens and what to do, without a network.

    from openai_sandbox.explain import explain

    explanation = explain("Unsupported parameter: 'max_tokens' is not supported with this model.")
    if explanation.sure:
        print(explanation.matches[0].problem["fix"])

The site's error finder (`docs/assets/js/error-finder.js`) has the same data and gives the same answers.
"""

from functools import cache

from .catalog import Problem, problems
from .finder import Explanation, Finder, Match, Recognized

__all__ = ["Explanation", "Finder", "Match", "Problem", "Recognized", "explain", "problems"]


@cache
def _finder() -> Finder:
    return Finder(problems())


def explain(text: str) -> Explanation:
    """Return which of the known problems fit a text, best first, and what the text says about itself."""
    return _finder().explain(text)
