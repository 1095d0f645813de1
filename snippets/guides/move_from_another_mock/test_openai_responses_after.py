"""With the sandbox: you say what the model answers."""

from openai import OpenAI

from openai_sandbox import Sandbox


def summarize(text: str) -> str | None:
    completion = OpenAI().chat.completions.create(
        model="gpt-6-luna", messages=[{"role": "user", "content": text}]
    )
    return completion.choices[0].message.content


def test_the_summary_is_returned(openai_sandbox: Sandbox) -> None:
    openai_sandbox.when("quarterly report").say("Sales went up.")
    assert summarize("Our quarterly report") == "Sales went up."
    openai_sandbox.assert_called("quarterly report", times=1)
