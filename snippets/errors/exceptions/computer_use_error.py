"""Execute an action from the model that needs an approval nobody gives."""

from typing import Any

from openai.lib.computer import ComputerToolset, ComputerUseError
from openai.types.responses import ResponseComputerToolCall


class Driver:
    """Your own computer. This one does nothing, whatever it is asked to do."""

    def __getattr__(self, name: str) -> Any:
        return lambda action: None


driver: Any = Driver()
call = ResponseComputerToolCall.model_validate(
    {
        "type": "computer_call",
        "id": "cu_1",
        "call_id": "call_1",
        "status": "completed",
        "actions": [{"type": "screenshot"}],
        "pending_safety_checks": [{"id": "check_1"}],
    }
)
try:
    ComputerToolset(driver).execute(call)
except ComputerUseError as error:
    print(type(error).__name__, error.response)
    #> ComputerUseError None
    print(error)
    #> Computer safety checks require explicit approval
