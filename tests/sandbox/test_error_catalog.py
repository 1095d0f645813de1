"""Every error of the catalog is raised by a request, and those seen on the live API come out word for word."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import httpx2
import pytest
from pydantic_core import from_json, to_json

from openai_sandbox import Sandbox
from openai_sandbox.core import Core, Request
from openai_sandbox.http.access import MOST_BYTES, Access
from openai_sandbox.stages.rate_limit import RateLimit
from openai_sandbox.wire.errors import APIError, catalog

KEY = {"authorization": "Bearer sk-sandbox"}
HI = {"role": "user", "content": "Hi"}
CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
TEXT = {"type": "string"}
REQUEST_ID = re.compile(r"[0-9a-f]{32}")


class Answer(NamedTuple):
    """A refusal: its status, and the members of the error object."""

    status: int
    type: str | None
    code: str | None
    param: str | None
    message: str


Raising = Callable[[], Answer]


class Step(NamedTuple):
    """A request. `{id}` in its path stands for the id in the reply before it."""

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = KEY
    query: str = ""


def send(core: Core, *steps: Step) -> Answer:
    """Send requests to a sandbox, all of which but the last are answered."""
    id = ""
    for step in steps:
        raw = step.body if isinstance(step.body, bytes) else b"" if step.body is None else to_json(step.body)
        reply = core.handle(Request(step.method, step.path.replace("{id}", id), step.headers, raw, step.query))
        assert isinstance(reply.body, bytes)
        parsed = from_json(reply.body)
        if step is not steps[-1]:
            assert reply.status == 200, parsed
            id = parsed["id"]
    return _answer(reply.status, parsed)


def _answer(status: int, envelope: dict[str, Any]) -> Answer:
    error = envelope["error"]
    # Azure's errors have no more than a code and a message.
    assert error.keys() in ({"message", "type", "param", "code"}, {"message", "code"})
    message = REQUEST_ID.sub("c0ffee", error["message"])
    return Answer(status, error.get("type"), error["code"], error.get("param"), message)


def steps(*given: Step, **options: Any) -> Raising:
    return lambda: send(Core(**{"seed": 7, "now": 0} | options), *given)


def get(path: str) -> Raising:
    return steps(Step("GET", path))


def post(path: str, body: Any, **options: Any) -> Raising:
    return steps(Step("POST", path, body), **options)


def responses(**change: Any) -> Raising:
    body = {"model": "gpt-6-luna", "input": "Hi"} | change
    return post("/v1/responses", {name: value for name, value in body.items() if value is not ...})


def chat(**change: Any) -> Raising:
    body = {"model": "gpt-6-luna", "messages": [HI]} | change
    return post("/v1/chat/completions", {name: value for name, value in body.items() if value is not ...})


def embeddings(**change: Any) -> Raising:
    return post("/v1/embeddings", {"model": "text-embedding-3-small", "input": "Hi"} | change)


def fault(name: str) -> Raising:
    return post("/v1/responses", {"model": "gpt-6-luna", "input": "Hi"}, faults=name)


def in_stream(post: Step) -> Raising:
    """Read a stream up to the error in it."""

    def run() -> Answer:
        reply = Core("stream_error", seed=7).handle(Request("POST", post.path, KEY, to_json(post.body)))
        assert reply.status == 200
        assert not isinstance(reply.body, bytes)
        events = [from_json(piece.partition(b"data: ")[2]) for _, piece in reply.body if b'"error":{' in piece]
        return _answer(reply.status, events[0])

    return run


def limited(*caps: int, requests: int = 500) -> Raising:
    bodies = [{"model": "gpt-4.1", "input": "Hi", "max_output_tokens": cap} for cap in caps]
    return steps(*[Step("POST", "/v1/responses", body) for body in bodies], limits=RateLimit(requests, 30_000))


def upload(content: bytes = b"x", filename: str = "a.txt", field: str = "file", **fields: str) -> Step:
    """Return the upload of a file."""
    parts = [
        f'--b\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    parts.append(f'--b\r\ncontent-disposition: form-data; name="{field}"; filename="{filename}"\r\n\r\n')
    body = "".join(parts).encode() + content + b"\r\n--b--\r\n"
    return Step("POST", "/v1/files", body, KEY | {"content-type": "multipart/form-data; boundary=b"})


def uploaded(*args: Any, **fields: Any) -> Raising:
    return steps(upload(*args, **fields))


def schema(given: Any) -> Raising:
    form = {"type": "json_schema", "name": "a", "strict": True, "schema": given}
    return responses(text={"format": form})


def closed(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a schema that strict mode takes, but for `properties` and `more`."""
    whole = {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}
    return whole | more


def nested(levels: int) -> dict[str, Any]:
    return closed({"a": nested(levels - 1)}) if levels else closed({"a": TEXT})


def turned_away(method: str = "POST", **headers: str) -> Raising:
    """Ask the server's door keeper, before a body is read."""

    def run() -> Answer:
        with pytest.raises(APIError) as caught:
            Access().check(method, {name.replace("_", "-"): value for name, value in headers.items()})
        return _answer(caught.value.status, caught.value.envelope())

    return run


def broken() -> Answer:
    """Ask a sandbox with a bug."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("openai_sandbox.api.responses.generate", lambda *_, **__: 1 / 0)
        return responses()()


def full() -> Answer:
    """Upload to a sandbox that keeps less than that."""
    core = Core()
    core.store.files.most_bytes = 3
    return send(core, upload(b"four", purpose="user_data"))


def unreachable() -> Answer:
    """Ask a sandbox whose upstream is not there."""
    with Sandbox(upstream="http://127.0.0.1:9/v1") as api:
        reply = httpx2.post(f"{api.base_url}/responses", json={}, headers=dict(KEY))
    return _answer(reply.status_code, reply.json())


BAD = "invalid_request_error"
MOVED = "https://platform.openai.com/docs/api-reference/responses/create"
KEYS = "https://platform.openai.com/account/api-keys"
LIMITS = "Visit https://platform.openai.com/account/rate-limits to learn more."
LATER = "Please try again in"

# What others saw the live API answer, each with the error of the catalog that it is.
SEEN: list[tuple[str, Raising, Answer]] = [
    (
        "missing_required_parameter",
        responses(model=...),
        Answer(400, BAD, "missing_required_parameter", "model", "Missing required parameter: 'model'."),
    ),
    (
        "model_unknown.responses",
        responses(model="gpt-9"),
        Answer(400, BAD, "model_not_found", "model", "The requested model 'gpt-9' does not exist."),
    ),
    (
        "model_unknown.chat",
        chat(model="gpt-9"),
        Answer(404, BAD, "model_not_found", None, "The model `gpt-9` does not exist or you do not have access to it."),
    ),
    (
        "model_unknown.embeddings",
        embeddings(model="gpt-9"),
        Answer(404, BAD, "model_not_found", None, "The model `gpt-9` does not exist or you do not have access to it."),
    ),
    ("model_missing.chat", chat(model=...), Answer(400, BAD, None, None, "you must provide a model parameter")),
    (
        "missing_required_parameter",
        chat(messages=...),
        Answer(400, BAD, "missing_required_parameter", "messages", "Missing required parameter: 'messages'."),
    ),
    (
        "empty_array",
        chat(messages=[]),
        Answer(
            400,
            BAD,
            "empty_array",
            "messages",
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
        ),
    ),
    (
        "unknown_parameter",
        responses(seed=1),
        Answer(400, BAD, "unknown_parameter", "seed", "Unknown parameter: 'seed'."),
    ),
    (
        "unknown_parameter.did_you_mean",
        responses(instruction="x"),
        Answer(
            400,
            BAD,
            "unknown_parameter",
            "instruction",
            "Unknown parameter: 'instruction'. Did you mean 'instructions'?",
        ),
    ),
    (
        "messages_instead_of_input",
        responses(messages=[HI]),
        Answer(
            400,
            BAD,
            "unsupported_parameter",
            None,
            "Unsupported parameter: 'messages'. In the Responses API, this parameter has moved to 'input'. Try again "
            f"with the new parameter. See the API documentation for more information: {MOVED}.",
        ),
    ),
    (
        "invalid_type",
        responses(input=7),
        Answer(
            400,
            BAD,
            "invalid_type",
            "input",
            "Invalid type for 'input': expected one of a string or array of input items, but got an integer instead.",
        ),
    ),
    (
        "integer_below_min",
        responses(max_output_tokens=15),
        Answer(
            400,
            BAD,
            "integer_below_min_value",
            "max_output_tokens",
            "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 15 instead.",
        ),
    ),
    (
        "decimal_below_min",
        responses(temperature=-1),
        Answer(
            400,
            BAD,
            "decimal_below_min_value",
            "temperature",
            "Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -1 instead.",
        ),
    ),
    (
        "decimal_above_max",
        chat(frequency_penalty=3),
        Answer(
            400,
            BAD,
            "decimal_above_max_value",
            "frequency_penalty",
            "Invalid 'frequency_penalty': decimal above maximum value. Expected a value <= 2, but got 3 instead.",
        ),
    ),
    (
        "parameter_unsupported.responses",
        responses(temperature=0.5),
        Answer(400, BAD, None, "temperature", "Unsupported parameter: 'temperature' is not supported with this model."),
    ),
    (
        "only_default_supported.chat",
        chat(temperature=0.5),
        Answer(
            400,
            BAD,
            "unsupported_value",
            "temperature",
            "Unsupported value: 'temperature' does not support 0.5 with this model. "
            "Only the default (1) value is supported.",
        ),
    ),
    (
        "invalid_type",
        responses(temperature="hot"),
        Answer(
            400,
            BAD,
            "invalid_type",
            "temperature",
            "Invalid type for 'temperature': expected a decimal, but got a string instead.",
        ),
    ),
    (
        "integer_below_min",
        chat(n=0),
        Answer(
            400,
            BAD,
            "integer_below_min_value",
            "n",
            "Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        ),
    ),
    (
        "max_tokens_unsupported",
        chat(max_tokens=9),
        Answer(
            400,
            BAD,
            "unsupported_parameter",
            "max_tokens",
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
        ),
    ),
    (
        "too_many_properties",
        responses(metadata={str(number): "v" for number in range(17)}),
        Answer(
            400,
            BAD,
            "object_above_max_properties",
            "metadata",
            "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object "
            "with 17 properties instead.",
        ),
    ),
    (
        "invalid_value",
        responses(text={"verbosity": "v"}),
        Answer(
            400,
            BAD,
            "invalid_value",
            "text.verbosity",
            "Invalid value: 'v'. Supported values are: 'low', 'medium', and 'high'.",
        ),
    ),
    (
        "invalid_type",
        chat(stream="yes"),
        Answer(
            400,
            BAD,
            "invalid_type",
            "stream",
            "Invalid type for 'stream': expected a boolean, but got a string instead.",
        ),
    ),
    (
        "previous_response_not_found",
        responses(previous_response_id="resp_x"),
        Answer(
            400,
            BAD,
            "previous_response_not_found",
            "previous_response_id",
            "Previous response with id 'resp_x' not found.",
        ),
    ),
    (
        "conversation_not_found",
        responses(conversation="conv_x"),
        Answer(404, BAD, None, None, "Conversation with id 'conv_x' not found."),
    ),
    (
        "prompt_not_found",
        responses(prompt={"id": "pmpt_x"}),
        Answer(404, BAD, None, None, "Prompt with id 'pmpt_x' not found."),
    ),
    (
        "mutually_exclusive",
        responses(conversation="conv_x", previous_response_id="resp_x"),
        Answer(
            400,
            BAD,
            "mutually_exclusive_parameters",
            None,
            "Mutually exclusive parameters: ''. Ensure you are only providing one of: 'pre..._id' or 'conversation'.",
        ),
    ),
    (
        "response_not_found",
        get("/v1/responses/resp_x"),
        Answer(404, BAD, None, None, "Response with id 'resp_x' not found."),
    ),
    (
        "response_not_found",
        steps(Step("DELETE", "/v1/responses/resp_x")),
        Answer(404, BAD, None, None, "Response with id 'resp_x' not found."),
    ),
    (
        "cancel_synchronous",
        steps(
            Step("POST", "/v1/responses", {"model": "gpt-6-luna", "input": "Hi"}),
            Step("POST", "/v1/responses/{id}/cancel"),
        ),
        Answer(400, BAD, None, None, "Cannot cancel a synchronous response."),
    ),
    ("unknown_route", get("/v1/nothing"), Answer(404, BAD, None, None, "Invalid URL (GET /v1/nothing)")),
    (
        "invalid_api_key",
        steps(Step("GET", "/v1/models", headers={"authorization": "Bearer sk-proj-abcdefghijklwxyz"})),
        Answer(
            401,
            BAD,
            "invalid_api_key",
            None,
            f"Incorrect API key provided: sk-proj-***wxyz. You can find your API key at {KEYS}.",
        ),
    ),
    (
        "no_api_key",
        steps(Step("GET", "/v1/models", headers={})),
        Answer(
            401,
            BAD,
            None,
            None,
            "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer "
            "auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're "
            "accessing the API from your browser and are prompted for a username and password. You can obtain an API "
            f"key from {KEYS}.",
        ),
    ),
    (
        "rate_limit.requests",
        limited(20, 20, 20, 20, requests=3),
        Answer(
            429,
            "requests",
            "rate_limit_exceeded",
            None,
            "Rate limit reached for gpt-4.1 in organization org-sandbox on requests per min (RPM): Limit 3, Used 3, "
            f"Requested 1. {LATER} 20s. {LIMITS}",
        ),
    ),
    (
        "rate_limit.tokens",
        limited(28_039, 3_906),
        Answer(
            429,
            "tokens",
            "rate_limit_exceeded",
            None,
            "Rate limit reached for gpt-4.1 in organization org-sandbox on tokens per min (TPM): Limit 30000, Used "
            f"28039, Requested 3906. {LATER} 3.89s. {LIMITS}",
        ),
    ),
    (
        "request_too_large.tokens",
        limited(30_601),
        Answer(
            429,
            "tokens",
            "rate_limit_exceeded",
            None,
            "Request too large for gpt-4.1 in organization org-sandbox on tokens per min (TPM): Limit 30000, Requested "
            f"30601. The input or output tokens must be reduced in order to run successfully. {LIMITS}",
        ),
    ),
    (
        "insufficient_quota",
        fault("insufficient_quota"),
        Answer(
            429,
            "insufficient_quota",
            "insufficient_quota",
            None,
            "You exceeded your current quota, please check your plan and billing details. For more information on this "
            "error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
        ),
    ),
    (
        "server_error",
        fault("server_error"),
        Answer(
            500,
            "server_error",
            None,
            None,
            "The server had an error while processing your request. Sorry about that!",
        ),
    ),
    (
        "overloaded",
        fault("overloaded"),
        Answer(
            503,
            "service_unavailable_error",
            "server_is_overloaded",
            None,
            "Our servers are currently overloaded. Please try again later.",
        ),
    ),
    (
        "overloaded.2023",
        fault("overloaded_2023"),
        Answer(
            503,
            "server_error",
            None,
            None,
            "That model is currently overloaded with other requests. You can retry your request, or contact us through "
            "our help center at help.openai.com if the error persists. (Please include the request ID "
            "c0ffee in your message.)",
        ),
    ),
]

TERRA = "gpt-5.6-terra"
STRICT = closed({"x": TEXT})
FLAT = {"type": "function", "name": "f"}
NESTED = {"type": "function", "function": {"name": "f"}}
CHOICE = {"type": "function", "function": {"name": "g"}}
OUTPUT = {"type": "function_call_output", "call_id": "call_1", "output": "4"}
ITEM = {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}
ASKED = {"model": "gpt-6-luna", "input": "Hi"}
CHAT = {"model": "gpt-6-luna", "messages": [HI]}
DEPLOYMENT = "/openai/deployments/mine/chat/completions"
BATCH = {"input_file_id": "file-x", "endpoint": "/v1/responses", "completion_window": "24h"}

# A request for each of the other errors.
OTHERS: dict[str, Raising] = {
    "empty_string": chat(tools=[{"type": "function", "function": {"name": ""}}]),
    "input_empty": responses(input=""),
    "logprobs_unsupported": responses(top_logprobs=1),
    "cache_retention_only_24h.responses": responses(model=TERRA, prompt_cache_retention="in_memory"),
    "cache_retention_only_24h.chat": chat(model=TERRA, prompt_cache_retention="in_memory"),
    "cache_retention_invalid": chat(prompt_cache_retention="x"),
    "effort_unsupported.chat": chat(reasoning_effort="max"),
    "top_logprobs_too_many": chat(model=TERRA, reasoning_effort="none", logprobs=True, top_logprobs=6),
    "parameter_unsupported.chat": chat(model=TERRA, stop="x"),
    "value_unsupported": responses(reasoning={"effort": "minimal"}),
    "integer_above_max": chat(n=129),
    "array_too_long": chat(model="gpt-4.1", stop=[*"abcde"]),
    "string_too_long": responses(metadata={"a": "x" * 513}),
    "key_too_long": responses(metadata={"x" * 65: "a"}),
    "item_not_found": steps(Step("POST", "/v1/conversations", {}), Step("GET", "/v1/conversations/{id}/items/msg_x")),
    "invalid_json": post("/v1/responses", b"{"),
    "model_retrieve_unknown": get("/v1/models/gpt-9"),
    "tool_output_missing": responses(input=[ITEM]),
    "tool_call_missing": responses(input=[OUTPUT]),
    "reasoning_alone": responses(input=[{"type": "reasoning", "id": "rs_1", "summary": []}]),
    "tool_message_alone": chat(messages=[{"role": "tool", "tool_call_id": "call_1", "content": "4"}]),
    "tool_calls_unanswered": chat(messages=[{"role": "assistant", "tool_calls": [CALL]}, HI]),
    "json_word_missing.chat": chat(response_format={"type": "json_object"}),
    "json_word_missing.responses": responses(text={"format": {"type": "json_object"}}),
    "content_missing": chat(messages=[{"role": "user"}]),
    "tools_with_effort": chat(tools=[NESTED], reasoning_effort="low"),
    "top_logprobs_alone": chat(model="gpt-4.1", top_logprobs=1),
    "tool_choice_without_tools": chat(tool_choice="required"),
    "tool_choice_not_found": responses(tools=[FLAT], tool_choice={"type": "function", "name": "g"}),
    "tool_choice_not_found.chat": chat(tools=[NESTED], tool_choice=CHOICE),
    "stream_options_without_stream": chat(stream_options={"include_usage": True}),
    "background_needs_store": responses(background=True, store=False),
    "completion_not_found": get("/v1/chat/completions/chatcmpl-x"),
    "embeddings_input_invalid": embeddings(input=7),
    "embeddings_input_empty": embeddings(input=[""]),
    "embeddings_input_too_many": embeddings(input=["a"] * 2049),
    "embeddings_input_too_long": embeddings(input=[[1] * 8193]),
    "embeddings_request_too_long": embeddings(input=[[1] * 8000] * 40),
    "dimensions_unsupported": embeddings(model="text-embedding-ada-002", dimensions=8),
    "dimensions_too_many": embeddings(dimensions=5000),
    "moderation_model_unknown": post("/v1/moderations", {"input": "Hi", "model": "gpt-9"}),
    "invalid_form": steps(Step("POST", "/v1/files", b"x", KEY | {"content-type": "multipart/form-data; boundary=b"})),
    "form_property_missing": uploaded(),
    "form_property_unknown": uploaded(purpose="user_data", more="x"),
    "purpose_unknown": uploaded(purpose="fun"),
    "batch_file_format": uploaded(b"x", "a.txt", purpose="batch"),
    "file_empty": uploaded(b"", purpose="user_data"),
    "file_not_found": get("/v1/files/file-x"),
    "file_sealed": steps(upload(purpose="user_data"), Step("GET", "/v1/files/{id}/content")),
    "batch_not_found": get("/v1/batches/batch_x"),
    "batch_not_cancellable": steps(
        Step("POST", "/v1/batches", BATCH),
        Step("GET", "/v1/batches/{id}"),
        Step("POST", "/v1/batches/{id}/cancel"),
    ),
    "starting_after_unstreamed": steps(
        Step("POST", "/v1/responses", ASKED), Step("GET", "/v1/responses/{id}", query="stream=true")
    ),
    "schema.not_of_type": schema(closed({}, required=None)),
    "schema.type_unknown": schema(closed({"a": {"type": "str"}})),
    "schema.not_a_regex": schema(closed({"a": TEXT | {"pattern": "["}})),
    "schema.not_an_object": schema({"type": "array", "items": TEXT}),
    "schema.union_at_top": schema(STRICT | {"anyOf": [STRICT]}),
    "schema.properties_missing": schema({"type": "object", "additionalProperties": False}),
    "schema.items_missing": schema(closed({"a": {"type": "array"}})),
    "schema.type_missing": schema(closed({"a": {}})),
    "schema.additional_properties": schema({"type": "object", "properties": {}}),
    "schema.required_missing": schema(STRICT | {"required": []}),
    "schema.required_extra": schema(STRICT | {"required": ["x", "y"]}),
    "schema.keyword": schema(closed({"a": TEXT | {"minLength": 1}})),
    "schema.format": schema(closed({"a": TEXT | {"format": "uri"}})),
    "schema.enum_value": schema(closed({"a": {"type": "null", "enum": ["x"]}})),
    "schema.beside_reference": schema(closed({"a": {"$ref": "#/$defs/A", "title": "A"}}, **{"$defs": {"A": TEXT}})),
    "schema.reference_elsewhere": schema(closed({"x": TEXT, "y": {"$ref": "#/properties/x"}})),
    "schema.reference_unknown": schema(closed({"a": {"$ref": "#/$defs/A"}})),
    "schema.lookaround": schema(closed({"a": TEXT | {"pattern": "(?=x)"}})),
    "schema.properties_limit": schema(closed({str(number): TEXT for number in range(5001)})),
    "schema.levels_limit": schema(nested(12)),
    "schema.options_limit": schema(closed({"a": TEXT | {"enum": [str(number) for number in range(1001)]}})),
    "schema.options_length": schema(closed({"a": TEXT | {"enum": [f"{number:060}" for number in range(251)]}})),
    "credits": fault("credit_exhausted"),
    "region_unsupported": fault("region_unsupported"),
    "organization_unverified": post("/v1/responses", ASKED | {"stream": True}, faults="organization_unverified"),
    "context_length.responses": fault("context_length"),
    "context_length.chat": post("/v1/chat/completions", CHAT, faults="context_length"),
    "stream_failed.responses": in_stream(Step("POST", "/v1/responses", ASKED | {"stream": True})),
    "stream_failed.chat": in_stream(Step("POST", "/v1/chat/completions", CHAT | {"stream": True})),
    "deployment_not_found": post(DEPLOYMENT, CHAT, faults="deployment_not_found"),
    "azure_access_denied": steps(Step("POST", DEPLOYMENT, CHAT, {"api-key": "wrong"})),
    "http_error": fault("http_error status=409"),
    "fault_unsupported": post("/v1/embeddings", {}, faults="failed_response"),
    "sandbox_unsupported": responses(tools=[{"type": "web_search"}]),
    "sandbox_failed": broken,
    "sandbox_file_too_large": full,
    "host_refused": turned_away(host="evil.example"),
    "origin_refused": turned_away(
        "OPTIONS", host="localhost", origin="https://evil.example", access_control_request_method="POST"
    ),
    "body_too_large": turned_away(host="localhost", content_length=str(MOST_BYTES + 1)),
    "encoding_unsupported": turned_away(host="localhost", content_encoding="gzip"),
    "upstream_failed": unreachable,
}


def pattern(template: str) -> str:
    """Return the regular expression that what is made of a catalog's message or param fits."""
    return re.sub(r"\\{\w+\\}", "(.*)", re.escape(template))


def fits(answer: Answer, id: str) -> bool:
    """Tell whether an answer is that error of the catalog."""
    case = catalog()[id]
    # What the code and the param of a refused schema are depends on where it stands.
    same = id.startswith("schema.") or answer.code == case.code
    # An error in a stream has no status, and a fault may be given one.
    status = answer.status if id.startswith(("stream_failed.", "http_error")) else case.status
    named = case.param is None if answer.param is None else re.fullmatch(pattern(case.param or ""), answer.param)
    return bool(
        same
        and (named or id.startswith("schema."))
        and (answer.status, answer.type) == (status, case.type)
        and re.fullmatch(pattern(case.message), answer.message, re.DOTALL)
    )


def test_what_was_seen_on_the_live_api_comes_out_word_for_word() -> None:
    answers = [(id, expected, run()) for id, run, expected in SEEN]
    wrong = [f"{id}\n  expected: {want}\n  got:      {got}" for id, want, got in answers if got != want]
    assert not wrong, "\n".join(wrong)
    assert len(SEEN) >= 38


def test_what_was_seen_is_in_the_catalog() -> None:
    assert [id for id, _, expected in SEEN if not fits(expected, id)] == []


@pytest.mark.parametrize("id", OTHERS)
def test_the_error_is_raised(id: str) -> None:
    answer = OTHERS[id]()
    assert fits(answer, id), answer


def test_every_error_of_the_catalog_is_raised_by_a_request() -> None:
    raised = {id for id, _, _ in SEEN} | OTHERS.keys()
    assert catalog().keys() - raised == set(), "add a request that raises it"
    assert raised - catalog().keys() == set()
