"""Parse the result of an agent's turn that has no text."""

from openai.lib.beta.agents import AgentOutputParseError, AgentTurnResult
from openai.types.beta.agents.sessions import Turn

turn = Turn.construct(id="turn_1", session_id="session_1", status="completed")
result = AgentTurnResult(turn=turn, messages=[])

try:
    result.parse(int)
except AgentOutputParseError as error:
    print(error)
    #> Could not parse the completed agent output
    print(error.result.turn_id, repr(error.result.output_text))
    #> turn_1 ''
