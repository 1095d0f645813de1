"""`local_shell`, `shell`, `apply_patch` and `computer`: the model says what is to be done, and the client does it.

What it says is harmless and always the same, because a client may really do it. For a shell in a container, which the
API would run, the sandbox runs nothing and says so.
"""

from typing import Any

from ..shared.items import ID_PREFIXES, Item
from .step import Asked, Step

COMMAND = ["echo", "Simulated: a real model would ask for a command."]
PATCH = {"type": "create_file", "path": "simulated.txt", "diff": "+Simulated: a real model would write a patch.\n"}
OUTPUT = "Simulated: no command was run.\n"
NOT_RUN = "The sandbox asked for a command, but runs none: a real model would report what it printed."


def local_shell(asked: Asked) -> list[Step]:
    """Ask for a command."""
    return [_call(asked, "local_shell_call", action={"type": "exec", "command": COMMAND, "env": {}})]


def shell(asked: Asked) -> list[Step]:
    """Ask for a command, for the client or for a container."""
    action = {"commands": [" ".join([COMMAND[0], f"'{COMMAND[1]}'"])], "max_output_length": None, "timeout_ms": None}
    environment = asked.tool.get("environment")
    if environment is None or environment["type"] == "local":
        return [_call(asked, "shell_call", action=action, environment=environment)]
    container = environment.get("container_id") or asked.state.ids.hex("cntr", 48)
    place = {"type": "container_reference", "container_id": container}
    call = _call(asked, "shell_call", action=action, environment=place)
    chunk = {"outcome": {"type": "exit", "exit_code": 0}, "stderr": "", "stdout": OUTPUT}
    output: Item = {
        "id": asked.state.ids.hex("sho"),
        "type": "shell_call_output",
        "status": "completed",
        "call_id": call.item["call_id"] if call.item else "",
        "max_output_length": None,
        "output": [chunk],
    }
    return [call._replace(last=False), Step(output, NOT_RUN)]


def apply_patch(asked: Asked) -> list[Step]:
    """Ask for a new file."""
    return [_call(asked, "apply_patch_call", operation=PATCH)]


def computer(asked: Asked) -> list[Step]:
    """Ask for a screenshot."""
    look = {"type": "screenshot"}
    done: dict[str, Any] = {"actions": [look]} if asked.tool["type"] == "computer" else {"action": look}
    return [_call(asked, "computer_call", **done, pending_safety_checks=[])]


def _call(asked: Asked, type: str, **said: Any) -> Step:
    ids = asked.state.ids
    call_id = ids.alphanumeric("call", 24, "_")
    return Step(
        {"id": ids.hex(ID_PREFIXES[type]), "type": type, "status": "completed", "call_id": call_id, **said}, last=True
    )
