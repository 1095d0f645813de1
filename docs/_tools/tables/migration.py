"""Tables for migrating: what old names raise today, and what each part of Chat Completions is called in Responses."""

import importlib
import inspect
import subprocess
import sys
from importlib.metadata import version
from operator import attrgetter

import openai
from openai import OpenAI
from openai.resources.chat import Completions
from openai.resources.responses import Responses

from ..data.generated import generates
from .sdk import wrapping

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
# Exceptions whose old name is no exception today.
OLD_EXCEPTIONS = {
    "InvalidRequestError": "BadRequestError",
    "PermissionError": "PermissionDeniedError",
    "ServiceUnavailableError": "InternalServerError",
    "Timeout": "APITimeoutError",
}

# A parameter of chat.completions.create(), and what to write for responses.create().
PARAMETERS: tuple[tuple[str, str, str], ...] = (
    (
        "messages",
        "input",
        "`input=`, a string or a list; `developer` and `system` messages stay in it or become `instructions=`, which "
        "every call has to repeat",
    ),
    ("max_completion_tokens", "max_output_tokens", "`max_output_tokens=`"),
    ("max_tokens", "max_output_tokens", "`max_output_tokens=`"),
    ("reasoning_effort", "reasoning", '`reasoning={"effort": ...}`'),
    ("verbosity", "text", '`text={"verbosity": ...}`'),
    ("response_format", "text", '`text={"format": ...}`, a JSON schema flat: `type`, `name`, `schema` on one level'),
    (
        "tools",
        "tools",
        "`tools=`, each flat: `type`, `name`, `parameters`, `strict` on one level; `strict=False` if it was not set",
    ),
    ("tool_choice", "tool_choice", "`tool_choice=`, a function flat: `type`, `name` on one level"),
    ("functions", "tools", "`tools=`, flat as above"),
    ("function_call", "tool_choice", "`tool_choice=`, flat as above"),
    ("web_search_options", "tools", '`tools=[{"type": "web_search"}]`'),
    ("n", "", "nothing: call several times"),
    ("stop", "", "nothing: cut the text yourself"),
    ("seed", "", "nothing"),
    ("logprobs", "include", '`include=["message.output_text.logprobs"]`, `top_logprobs=`'),
    (
        "stream_options",
        "stream_options",
        "nothing for usage: the last event brings it, but it may be `None` after a failure",
    ),
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
    for old, new in OLD_EXCEPTIONS.items():
        found = getattr(openai, old, None)
        if not hasattr(openai, new) or (isinstance(found, type) and issubclass(found, BaseException)):
            raise ValueError(f"docs/_tools/tables/migration.py: openai.{old} is an exception, or openai.{new} is none")
    lines = ["| Before 1.0 | Today raises | Write |", "|---|---|---|"]
    for old, new in OLD.items():
        if not callable(attrgetter(new)(client)):
            raise ValueError(f"docs/_tools/tables/migration.py: client.{new} does not exist")
        lines.append(f"| `{old}()` | `{raised(old)}` | `client.{new}()` |")
    for module, new in OLD_MODULES.items():
        try:
            importlib.import_module(module)
        except ImportError as error:
            renamed = ", ".join(f"`{old}` is `{exception}`" for old, exception in OLD_EXCEPTIONS.items())
            lines.append(
                f"| `import {module}` | `{type(error).__name__}` | `import {new}`: most exceptions are there, some "
                f"with new names: {renamed} |"
            )
    if not ignored("api_base"):
        raise ValueError("docs/_tools/tables/migration.py: openai.api_base has an effect")
    lines.append(
        "| `openai.api_base = ...` | nothing, and has no effect: requests go to the same address as before "
        "| `OpenAI(base_url=...)` |"
    )
    return "\n".join(
        [*wrapping(lines, "old-and-new"), "", f"<small>Tried with openai {version('openai')}.</small>", ""]
    )


def ignored(name: str) -> bool:
    """Tell whether the module's own client has the address it would have if an attribute were not set."""
    program = f"import openai; openai.api_key = 'sk-x'; openai.{name} = 'http://127.0.0.1:9/v1'"
    addresses = {
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", f"{set_it}; print(openai.models._client.base_url)"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for set_it in (program, program.rpartition(";")[0])
    }
    return len(addresses) == 1


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
    missing = sorted(chat.keys() - responses.keys() - {old for old, _, _ in PARAMETERS})
    lines.append(f"| {', '.join(f'`{name}=`' for name in missing)} | nothing |")
    return "\n".join([*wrapping(lines), "", f"<small>Names checked with openai {version('openai')}.</small>", ""])
