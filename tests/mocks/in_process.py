"""The probes against openai-responses, which answers inside a process: run in an environment that has it.

Prints what was found as JSON. It answers what httpx sends, so that is what asks here.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import httpx
from openai_responses import OpenAIMock

sys.path.insert(0, str(Path(__file__).parent))
import probes


class InProcess:
    """openai-responses, which is told before each request what to answer."""

    def __init__(self, mock: OpenAIMock) -> None:
        self.create = mock.chat.completions.create
        self.mock = mock

    def arrange(self, prompt: str) -> None:
        if prompt == probes.CALL:
            function = {"name": "get_weather", "arguments": '{"city": "Paris"}'}
            call = {"id": "call_1", "type": "function", "function": function}
            self.create.response = self.choice("tool_calls", content=None, tool_calls=[call])
        elif prompt == probes.LIMITED:
            self.create.response = httpx.Response(429, headers={"retry-after": "1"}, json=error("Please wait"))
        elif prompt == probes.BROKEN:
            self.create.response = httpx.Response(500, json=error("Broken"))
        elif prompt == probes.SLOW:
            self.create.response = self.slow
        else:
            texts = {
                probes.SAY: probes.ANSWER,
                probes.MISFIT: probes.WRONG_TICKET,
                probes.AFTER_TOOL: probes.AFTER_TOOL,
            }
            self.create.response = self.choice("stop", content=texts.get(prompt, "Understood."))
        vectors = [{"object": "embedding", "index": n, "embedding": [0.1, 0.2]} for n in range(2)]
        self.mock.embeddings.create.response = {"object": "list", "data": vectors}
        self.mock.moderations.create.response = {"results": [{"flagged": False}]}

    @staticmethod
    def choice(reason: str, **message: Any) -> dict[str, Any]:
        said = {"role": "assistant", **message}
        return {"choices": [{"index": 0, "finish_reason": reason, "message": said}]}

    def slow(self, request: httpx.Request) -> httpx.Response:
        time.sleep(probes.WAIT)
        return httpx.Response(200, content=b"data: [DONE]\n\n")

    def send(self, method: str, path: str, body: Any = None, *, key: bool = True) -> probes.Reply:
        headers = {"authorization": "Bearer sk-test"} if key else {}
        given: dict[str, Any] = {"json": body} if body is not None else {}
        if isinstance(body, dict) and isinstance(body.get("file"), bytes):
            file = (body["filename"], body["file"])
            given = {"files": {"file": file}, "data": {"purpose": body["purpose"]}}
        url = f"https://api.openai.com/v1{path}"
        try:
            reply = httpx.request(method, url, headers=headers, **given)
        except Exception as problem:
            raise OSError(str(problem)) from problem
        return probes.Reply(reply.status_code, dict(reply.headers), reply.content)


def error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "server_error", "param": None, "code": None}}


def main() -> None:
    mock = OpenAIMock()
    with mock.router:
        found, kept = probes.results(InProcess(mock))
    print(json.dumps({"found": found, "kept": kept}))


if __name__ == "__main__":
    main()
