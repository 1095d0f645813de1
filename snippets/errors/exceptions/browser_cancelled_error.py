"""Execute a call from the model after the user has given up."""

from openai.lib.browser import BrowserCancelledError, BrowserState, BrowserToolset
from openai.types.responses import ResponseFunctionToolCall


class Driver:
    """Your own browser, with no tab open."""

    def state(self) -> BrowserState:
        """Return the open tabs."""
        return {"tabs": []}


call = ResponseFunctionToolCall(
    type="function_call", call_id="call_1", name="browser_read_page", arguments="{}"
)
try:
    BrowserToolset(Driver()).execute(call, cancelled=lambda: True)
except BrowserCancelledError as error:
    print(type(error).__name__)
    #> BrowserCancelledError
    print(error)
    #> Browser execution was cancelled.
