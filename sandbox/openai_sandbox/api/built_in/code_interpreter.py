"""`code_interpreter`: writes a line of Python. The sandbox runs nothing, and says so."""

from .step import Asked, Step

OUTPUTS = "code_interpreter_call.outputs"
CODE = "# Simulated: the sandbox writes this and runs nothing.\nprint({text!r})"
LOGS = "Simulated: no code was run.\n"
LONGEST_TEXT = 200


def run(asked: Asked) -> list[Step]:
    """Write code that prints the prompt, and say that it was not run."""
    container = asked.tool["container"]
    item = {
        **asked.wire["response.output.code_interpreter_call"],
        "id": asked.state.ids.hex("ci"),
        "code": CODE.format(text=" ".join(asked.text.split())[:LONGEST_TEXT]),
        "container_id": container if isinstance(container, str) else asked.state.ids.hex("cntr", 48),
    }
    if OUTPUTS in asked.included:
        item["outputs"] = [{"type": "logs", "logs": asked.brought.get("logs", LOGS)}]
    if "logs" in asked.brought:
        return [Step(item, str(asked.brought["logs"]).strip())]
    return [Step(item, "The sandbox wrote code for this, but runs none: a real model would report what it printed.")]
