"""The table of what servers that speak OpenAI's API answer differently, from the data that the sandbox replays."""

import json
import re

from openai_sandbox.stages.compatible import Difference, differences

from ..data.generated import generates

NAMES = {
    "azure": "Azure",
    "litellm": "LiteLLM proxy",
    "llama-cpp": "llama.cpp",
    "lm-studio": "LM Studio",
    "ollama": "Ollama",
    "openrouter": "OpenRouter",
    "vllm": "vLLM",
}
LONGEST = 140


@generates("docs/includes/generated/compatible-servers.md")
def compatible_servers() -> str:
    """Return the table: the server and the request, what it answers, what OpenAI does, and what to do."""
    rows = [
        f"| {NAMES[row.server]}, asked {row.asks} | {row.status}: {_said(row)} | OpenAI {row.openai} "
        f"| {row.do} <small>{_source(row)}</small> |"
        for row in sorted(differences(), key=lambda row: NAMES[row.server].lower())
    ]
    head = [
        "| Server, and what it is asked | It answers | OpenAI | What to do, and where it was seen |",
        "|---|---|---|---|",
    ]
    return "\n".join(['<div class="wrapping-table" markdown>', "", *head, *rows, "", "</div>", ""])


def _said(row: Difference) -> str:
    error = row.body.get("error", row.body)
    said = error if isinstance(error, str) else error["message"]
    said = said if isinstance(said, str) else json.dumps(said)
    said = said.replace("{{", "{").replace("}}", "}").replace("|", "\\|")
    said = said.replace("{tagged}", "{model}").replace("{tool_choice[function][name]}", "{name}")
    said = " ".join(said.split())
    return f"`` {said if len(said) <= LONGEST else f'{said[:LONGEST]}...'} ``"


def _source(row: Difference) -> str:
    def link(found: re.Match[str]) -> str:
        return f"[{found[0].rpartition('/')[2].replace('#', ' #')}](https://github.com/{found[1]}/issues/{found[2]})"

    return re.sub(r"([\w.-]+/[\w.-]+)#(\d+)", link, row.source)
