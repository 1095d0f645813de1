"""With FunctionModel: your function takes the place of the model."""
# needs: pydantic-ai-slim[openai]==2.68.0, pytest==9.2.0

from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

agent = Agent()


@agent.tool_plain
def get_weather(city: str) -> str:
    return {"Paris": "21 degrees"}.get(city, "unknown")


def play(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    if len(messages) == 1:
        return ModelResponse([ToolCallPart("get_weather", {"city": "Paris"})])
    return ModelResponse([TextPart("It is warm.")])


def test_the_answer_is_returned() -> None:
    with agent.override(model=FunctionModel(play)):
        assert agent.run_sync("Weather in Paris?").output == "It is warm."
