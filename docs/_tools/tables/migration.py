"""Tables for migrating: what old names raise today, and what each part of Chat Completions is called in Responses."""

import importlib
import inspect
from importlib.metadata import version
from operator import attrgetter

import openai
from openai import OpenAI
from openai.resources.chat import Completions
from openai.resources.responses import Responses

from ..data.generated import generates

# A name from before SDK 1.0, and the client method that does the same now.
OLD: dict[str, str] = {
    "openai.ChatCompletion.create": "chat.completions.create",
    "openai.Completion.create": "completions.create",
    "openai.Embedding.create": "embeddings.create",
    "openai.Image.create": "images.generate",
    "openai.Audio.transcribe": "audio.transcriptions.create",
    "openai.Moderation.create": "moderations.create",
    "openai.Model.list": "models.list",
    "openai.File.create": "files.create",
}
OLD_MODULES = {"openai.error": "openai"}

# A parameter of chat.completions.create(), and what to write for responses.create().
PARAMETERS: tuple[tuple[str, str, str], ...] = (
    ("messages", "input", "`input=`, a string or the same list; what was `developer` or `system` into `instructions=`"),
    ("max_completion_tokens", "max_output_tokens", "`max_output_tokens=`"),
    ("max_tokens", "max_output_tokens", "`max_output_tokens=`"),
    ("reasoning_effort", "reasoning", '`reasoning={"effort": ...}`'),
    ("verbosity", "text", '`text={"verbosity": ...}`'),
    ("response_format", "text", '`text={"format": ...}`'),
    ("tools", "tools", "`tools=`, each flat: `type`, `name`, `parameters` on one level"),
    ("n", "", "nothing: call several times"),
    ("stop", "", "nothing: cut the text yourself"),
    ("seed", "", "nothing"),
    ("logprobs", "include", '`include=["message.output_text.logprobs"]`, `top_logprobs=`'),
    ("stream_options", "stream_options", "nothing for usage: the last event always brings it"),
)


def raised(name: str) -> str:
    """Return the name of the exception that an old name raises when used.

    Raises:
        ValueError: it raises nothing.
    """
    try:
        attrgetter(name.removeprefix("openai."))(openai)()
    except Exception as error:
        return type(error).__name__
    raise ValueError(f"docs/_tools/tables/migration.py: {name} raises nothing: it is not an old name")


@generates("docs/includes/generated/old-names.md")
def old_names() -> str:
    """Return the table of names from before 1.0: what they raise today, and what to write instead."""
    client = OpenAI(api_key="sk-sandbox", base_url="http://127.0.0.1:9")
    lines = ["| Before 1.0 | Today raises | Write |", "|---|---|---|"]
    for old, new in OLD.items():
        if not callable(attrgetter(new)(client)):
            raise ValueError(f"docs/_tools/tables/migration.py: client.{new} does not exist")
        lines.append(f"| `{old}()` | `{raised(old)}` | `client.{new}()` |")
    for module, new in OLD_MODULES.items():
        try:
            importlib.import_module(module)
        except ImportError as error:
            lines.append(f"| `import {module}` | `{type(error).__name__}` | `import {new}`: the exceptions are there |")
    return "\n".join([*lines, "", f"<small>Tried with openai {version('openai')}.</small>", ""])


@generates("docs/includes/generated/chat-to-responses.md")
def chat_to_responses() -> str:
    """Return the table of parameters.

    Raises:
        ValueError: a parameter does not exist in the SDK.
    """
    chat = inspect.signature(Completions.create).parameters
    responses = inspect.signature(Responses.create).parameters
    lines = ["| `chat.completions.create()` | `responses.create()` |", "|---|---|"]
    for old, new, text in PARAMETERS:
        if old not in chat or (new and new not in responses) or (not new and old in responses):
            raise ValueError(f"docs/_tools/tables/migration.py: '{old}' to '{new}' does not fit the SDK")
        lines.append(f"| `{old}=` | {text} |")
    return "\n".join([*lines, "", f"<small>Names checked with openai {version('openai')}.</small>", ""])
