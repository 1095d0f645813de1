"""Send only the last turns of a long history."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()


def last_turns(history: list[Any], turns: int) -> list[Any]:
    """Return the end of a history, cut before a user's message, never inside a turn."""
    if turns < 1:
        raise ValueError("turns is 1 or more")
    starts = [
        index
        for index, item in enumerate(history)
        if isinstance(item, dict) and item.get("role") == "user"
    ]
    return history[starts[-turns] :] if len(starts) > turns else history


if __name__ == "__main__":
    client = OpenAI()
    history: list[Any] = []
    for text in ("My name is Ada. I am learning Python.", "What is a list?"):
        history.append({"role": "user", "content": text})
        history += client.responses.create(model="gpt-6-luna", input=history).output
    history.append({"role": "user", "content": "What is my name?"})

    for turns in (3, 2):
        print(f"The last {turns} turns:")
        response = client.responses.create(
            model="gpt-6-luna", input=last_turns(history, turns)
        )
        print(response.output_text)
