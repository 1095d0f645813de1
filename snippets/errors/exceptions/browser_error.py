"""Execute a call from the model to a tool that the application has not enabled."""

from openai.lib.browser import BrowserError, BrowserState, BrowserToolset
from openai.types.responses import ResponseFunctionToolCall


class Driver:
    """Your own browser, with no tab open."""

    def state(self) -> BrowserState:
        """Return the open tabs."""
        return {"tabs": []}


call = ResponseFunctionToolCall(
    type="function_call",
    call_id="call_1",
    name="browser_run_script",
    arguments="{}",
)
try:
    BrowserToolset(Driver()).execute(call)
except BrowserError as error:
    print(type(error).__name__)
    #> BrowserError
    print(error)
    #> Browser tool is disabled.
