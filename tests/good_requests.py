"""Requests that the API answers, and their parts: the key, paths, messages, bodies, tools."""

from typing import Any

from openai_sandbox.http.address import API_KEY

KEY = {"authorization": f"Bearer {API_KEY}"}

# Paths.
RESPONSES: Any = "/v1/responses"
CHAT: Any = "/v1/chat/completions"
EMBEDDINGS: Any = "/v1/embeddings"
MODERATIONS: Any = "/v1/moderations"
CONVERSATIONS: Any = "/v1/conversations"
FILES: Any = "/v1/files"
BATCHES: Any = "/v1/batches"
MODELS: Any = "/v1/models"
VECTOR_STORES: Any = "/v1/vector_stores"

# Models, by the name that the arguments of a call and a body give them.
LUNA: Any = {"model": "gpt-6-luna"}
WITHOUT_REASONING: dict[str, Any] = {"model": "gpt-4.1"}
SMALL: Any = {"model": "text-embedding-3-small"}

LOGPROBS: Any = "message.output_text.logprobs"
"""What `include` asks for to get log probabilities."""

# Messages, and bodies with them.
HI: Any = {"role": "user", "content": "Hi"}
HELLO: Any = {"role": "user", "content": "Say hello"}
RESPONSE: Any = LUNA | {"input": "Say hello"}
COMPLETION: Any = LUNA | {"messages": [HELLO]}
BATCH: Any = {"input_file_id": "file-x", "endpoint": RESPONSES, "completion_window": "24h"}

# Tools: a function as the two APIs write it, and a call of it.
FLAT_FUNCTION: Any = {"type": "function", "name": "f"}
NESTED_FUNCTION: Any = {"type": "function", "function": {"name": "f"}}
NESTED_CALL: Any = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
FLAT_CALL: Any = {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}
CALL_OUTPUT: Any = {"type": "function_call_output", "call_id": "call_1", "output": "4"}

TEXT: Any = {"type": "string"}
"""The schema of a text."""


def closed(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the schema of an object as strict mode wants it, but for what `more` changes."""
    whole = {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}
    return whole | more


def form(content: bytes = b"x", filename: str = "a.txt", field: str = "file", **fields: str) -> dict[str, Any]:
    """Return body and headers of the upload of a file, as a browser's form sends it."""
    parts = [f'--b\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    parts.append(f'--b\r\ncontent-disposition: form-data; name="{field}"; filename="{filename}"\r\n\r\n')
    body = "".join(parts).encode() + content + b"\r\n--b--\r\n"
    return {"content": body, "headers": KEY | {"content-type": "multipart/form-data; boundary=b"}}
