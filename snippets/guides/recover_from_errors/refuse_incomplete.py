"""Accept an answer only if it is complete."""

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

load_dotenv()
TOOL_CALLS = {"function_call", "custom_tool_call"}


class IncompleteError(Exception):
    """The answer is cut off or missing. `text` is the part that arrived."""

    def __init__(self, reason: str | None, text: str) -> None:
        super().__init__(f"{reason}, {len(text)} characters")
        self.text = text


def whole(response: Response) -> str:
    """Return the text of a complete response, or raise IncompleteError."""
    text = response.output_text
    if response.incomplete_details:
        raise IncompleteError(response.incomplete_details.reason, text)
    if response.error:
        raise IncompleteError(response.error.code, text)
    if any(item.type in TOOL_CALLS for item in response.output):
        raise IncompleteError("tool call", text)
    if response.status != "completed" or not text:
        raise IncompleteError(response.status, text)
    return text


def whole_chat(completion: ChatCompletion) -> str:
    """Return the text of a complete chat completion, or raise IncompleteError."""
    choice = completion.choices[0]
    text = choice.message.content or ""
    if choice.message.tool_calls or choice.message.function_call:
        raise IncompleteError("tool call", text)
    if choice.finish_reason != "stop" or not text:
        raise IncompleteError(choice.finish_reason, text)
    return text


if __name__ == "__main__":
    for cap in (16, 500):
        response = OpenAI().responses.create(
            model="gpt-6-luna", input="Say hello", max_output_tokens=cap
        )
        try:
            print(whole(response))
        except IncompleteError as error:
            print("refused:", error)
