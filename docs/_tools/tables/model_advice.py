"""Which model to start with: the models that OpenAI's models page names, with any announced shutdown."""

from ..data.generated import generates
from ..data.model_advice import Named, advice
from ..data.shutdowns import shutdowns
from .model_prices import day


@generates("docs/includes/generated/model-advice.md")
def render() -> str:
    """Return the models that the page names, what each is for, and when the page was read."""
    lines = [*(_line(model) for model in advice().models), ""]
    lines += [
        f"OpenAI itself suggests `{advice().unsure}` if you are not sure. "
        "We suggest starting with the cheapest of them.",
        "",
    ]
    lines.append(f"<small>From [OpenAI's models page]({advice().url}), read {day(advice().read)}.</small>")
    return "\n".join([*lines, ""])


def _line(model: Named) -> str:
    end = shutdowns().get(model.id)
    return f"- `{model.id}` {model.use}" + (f", until it shuts down on {day(end.day)}" if end else "")
