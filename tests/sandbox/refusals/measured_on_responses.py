"""Requests for a response that the live API was measured to refuse or to take."""

from typing import Any

from ...good_requests import LOGPROBS
from .answers import Answer, bad_value, below, missing, refused, unknown, unsupported, wrong_type
from .asker import Body
from .measured_requests import FLAT_TOOL, NESTED_TOOL, OBJECT, TERSE, TOO_MANY, USER, words

INPUT_EMPTY = refused(
    "missing_required_parameter",
    None,
    "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation' must be provided.",
)
MOVED = refused(
    "unsupported_parameter",
    None,
    "Unsupported parameter: 'messages'. In the Responses API, this parameter has moved to 'input'. Try again with the "
    "new parameter. See the API documentation for more information: "
    "https://platform.openai.com/docs/api-reference/responses/create.",
)
NO_LOGPROBS = "logprobs are not supported with reasoning models."
ROLES = "'assistant', 'system', 'developer', and 'user'"
INCLUDES = (
    "'file_search_call.results', 'web_search_call.results', 'web_search_call.action.sources', "
    "'message.input_image.image_url', 'computer_call_output.output.image_url', 'code_interpreter_call.outputs', "
    "'reasoning.encrypted_content', and 'message.output_text.logprobs'"
)
SHORT_INCLUDES = (
    "'fil...lts', 'web...lts', 'web...ces', 'mes...url', 'com...url', 'cod...uts', 'rea...ent', or 'mes...obs'"
)
INPUT_TYPES = "one of a string or array of input items"
# Fields whose types are checked in this order.
TYPES_ON_RESPONSES = words("""
    input previous_response_id prompt moderation include tools tool_choice metadata text temperature top_p
    presence_penalty frequency_penalty parallel_tool_calls stream stream_options background max_output_tokens
    max_tool_calls reasoning user safety_identifier prompt_cache_options prompt_cache_key prompt_cache_retention
    truncation instructions store service_tier top_logprobs context_management
""")
EFFORTS = "'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'"
EFFORT_TYPES = "one of one of 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', or 'max' or integer"


def items(*given: Any) -> Body:
    return {"input": list(given)}


def assistant(**more: Any) -> Body:
    """An item as the API itself replies it."""
    text = {"type": "output_text", "annotations": [], "logprobs": [], "text": "OK"}
    return {"id": "msg_1", "type": "message", "status": "completed", "role": "assistant", "content": [text]} | more


# A change of the good request, and the answer. What is changed to `...` is left out.
ON_RESPONSES: list[tuple[Body, Answer]] = [
    ({"zzz": 1}, unknown("zzz")),
    ({"n": 2}, unknown("n")),
    ({"stop": ["x"]}, unknown("stop", "'store'")),
    ({"seed": 1}, unknown("seed")),
    ({"logprobs": True}, unknown("logprobs")),
    ({"max_tokens": 16}, unknown("max_tokens")),
    ({"messages": [USER]}, MOVED),
    ({"model": ...}, missing("model")),
    ({"model": None}, wrong_type("model", "a string", "an object")),
    ({"model": ""}, refused("model_not_found", "model", "The requested model '' does not exist.")),
    ({"model": 7}, wrong_type("model", "a string", "an integer")),
    ({"input": ...}, missing("input")),
    ({"input": []}, INPUT_EMPTY),
    ({"input": ""}, INPUT_EMPTY),
    ({"input": None}, wrong_type("input", "a string", "an object")),
    ({"input": OBJECT}, wrong_type("input", INPUT_TYPES, "an object")),
    ({"input": 7}, wrong_type("input", INPUT_TYPES, "an integer")),
    # Items.
    (items(USER | {"bogus": 1}), unknown("input[0].bogus")),
    (items(USER | {"phase": "final_answer"}), unknown("input[0].phase")),
    (items(assistant(phase="bogus"), USER), bad_value("input[0].phase", "bogus", "'commentary' and 'final_answer'")),
    (items(assistant(zzz=1), USER), unknown("input[0].zzz")),
    (
        items({"role": "assistant", "content": [{"type": "input_text", "text": "x"}]}, USER),
        bad_value("input[0].content[0]", "input_text", "'output_text' and 'refusal'"),
    ),
    (items(7), wrong_type("input[0]", "an input item", "an integer")),
    (items(None), wrong_type("input[0]", "an input item", "null")),
    (items({"role": "bogus", "content": "x"}), bad_value("input[0]", "bogus", ROLES)),
    (items({}), bad_value("input[0]", "", ROLES)),
    (items({"role": "user"}), missing("input[0].content")),
    (
        items({"role": "user", "content": [{"type": "bogus", "text": "x"}]}),
        bad_value(
            "input[0].content[0].type",
            "bogus",
            "'input_text', 'input_image', 'input_audio', 'output_text', 'refusal', 'input_file', "
            "'computer_screenshot', 'summary_text', and 'encrypted_content'",
        ),
    ),
    (
        items({"role": "user", "content": [{"type": "output_text", "text": "x"}]}),
        bad_value(
            "input[0].content[0]",
            "output_text",
            "'input_text', 'input_image', 'input_file', 'scoped_content', and 'input_audio'",
        ),
    ),
    (items({"role": "user", "content": [{"type": "input_text"}]}), missing("input[0].content[0].text")),
    # text, tools, tool_choice, reasoning.
    ({"text": {"zzz": 1}}, unknown("text.zzz")),
    (
        {"text": {"format": {"type": "bogus"}}},
        bad_value("text.format.type", "bogus", "'json_object', 'text', and 'json_schema'"),
    ),
    ({"text": {"format": {"type": "json_schema"}}}, missing("text.format.name")),
    ({"text": {"verbosity": "bogus"}}, bad_value("text.verbosity", "bogus", "'low', 'medium', and 'high'")),
    ({"tools": [{}]}, missing("tools[0].type")),
    ({"tools": [{"type": "function"}]}, missing("tools[0].name")),
    ({"tools": [NESTED_TOOL]}, missing("tools[0].name")),
    ({"tools": "x"}, wrong_type("tools", "an array of tools", "a string")),
    (
        {"tool_choice": 7},
        wrong_type("tool_choice", "one of an object or 'none', 'auto', or 'required'", "an integer"),
    ),
    (
        {"tools": [FLAT_TOOL], "tool_choice": "bogus"},
        bad_value("tool_choice", "bogus", "'none', 'auto', and 'required'"),
    ),
    ({"tools": [FLAT_TOOL], "tool_choice": {"type": "function"}}, missing("tool_choice.name")),
    (
        {"tools": [FLAT_TOOL], "tool_choice": {"type": "function", "function": {"name": "f"}}},
        missing("tool_choice.name"),
    ),
    ({"reasoning": "low"}, wrong_type("reasoning", "an object", "a string")),
    ({"reasoning": {"effort": "bogus"}}, bad_value("reasoning.effort", "bogus", EFFORTS)),
    ({"reasoning": {"effort": OBJECT}}, wrong_type("reasoning.effort", EFFORT_TYPES, "an object")),
    ({"reasoning": {"effort": ["low"]}}, wrong_type("reasoning.effort", EFFORT_TYPES, "an array")),
    (
        {"reasoning": {"effort": 5}},
        wrong_type("reasoning.effort", "one of 'minimal', 'low', 'medium', or 'high'", "an integer"),
    ),
    (
        {"reasoning": {"effort": "minimal"}},
        refused(
            "unsupported_value",
            "reasoning.effort",
            "Unsupported value: 'minimal' is not supported with the 'gpt-5.6-terra' model. "
            "Supported values are: 'none', 'low', 'medium', 'high', 'xhigh', and 'max'.",
        ),
    ),
    (
        {"reasoning": {"summary": "bogus"}},
        bad_value("reasoning.summary", "bogus", "'concise', 'detailed', and 'auto'"),
    ),
    ({"reasoning": {"generate_summary": "concise"}}, unknown("reasoning.generate_summary")),
    ({"reasoning": {"bogus": 1}}, unknown("reasoning.bogus")),
    # What a model that reasons does not take.
    ({"temperature": 0.5}, unsupported("temperature")),
    ({"top_p": 0.5}, unsupported("top_p")),
    ({"top_p": 1}, unsupported("top_p")),
    ({"presence_penalty": 0.5}, unsupported("presence_penalty")),
    ({"frequency_penalty": 0.5}, unsupported("frequency_penalty")),
    ({"top_logprobs": 1}, refused("unsupported_parameter", "top_logprobs", NO_LOGPROBS)),
    ({"include": [LOGPROBS]}, refused("unsupported_parameter", "include", NO_LOGPROBS)),
    (
        {"prompt_cache_retention": "in_memory"},
        TERSE._replace(code="invalid_parameter"),
    ),
    # State.
    (
        {"previous_response_id": "resp_x"},
        refused("previous_response_not_found", "previous_response_id", "Previous response with id 'resp_x' not found."),
    ),
    ({"conversation": "conv_x"}, refused(None, None, "Conversation with id 'conv_x' not found.", 404)),
    ({"prompt": {"id": "pmpt_x"}}, refused(None, None, "Prompt with id 'pmpt_x' not found.", 404)),
    (
        {"conversation": "conv_x", "previous_response_id": "resp_x"},
        refused(
            "mutually_exclusive_parameters",
            None,
            "Mutually exclusive parameters: ''. Ensure you are only providing one of: 'pre..._id' or 'conversation'.",
        ),
    ),
    # Types.
    ({"temperature": "hot"}, wrong_type("temperature", "a decimal", "a string")),
    ({"top_p": "wide"}, wrong_type("top_p", "a decimal", "a string")),
    ({"presence_penalty": "x"}, wrong_type("presence_penalty", "a decimal", "a string")),
    ({"top_logprobs": "x"}, wrong_type("top_logprobs", "an integer", "a string")),
    ({"previous_response_id": OBJECT}, wrong_type("previous_response_id", "a string", "an object")),
    ({"prompt": "x"}, wrong_type("prompt", "an object", "a string")),
    ({"truncation": OBJECT}, wrong_type("truncation", "one of 'auto' or 'disabled'", "an object")),
    ({"include": "x"}, wrong_type("include", f"an array of one of {SHORT_INCLUDES}", "a string")),
    ({"max_tool_calls": "x"}, wrong_type("max_tool_calls", "an integer", "a string")),
    ({"max_output_tokens": "x"}, wrong_type("max_output_tokens", "an integer", "a string")),
    ({"metadata": "x"}, wrong_type("metadata", "a metadata object", "a string")),
    (
        {"service_tier": OBJECT},
        wrong_type("service_tier", "one of 'auto', 'default', 'fast', 'flex', or 'priority'", "an object"),
    ),
    (
        {"prompt_cache_retention": OBJECT},
        wrong_type("prompt_cache_retention", "one of 'in_memory' or '24h'", "an object"),
    ),
    ({"prompt_cache_key": OBJECT}, wrong_type("prompt_cache_key", "a string", "an object")),
    ({"stream_options": "x"}, wrong_type("stream_options", "an object", "a string")),
    ({"stream": "yes"}, wrong_type("stream", "a boolean", "a string")),
    ({"background": "yes"}, wrong_type("background", "a boolean", "a string")),
    ({"store": "yes"}, wrong_type("store", "a boolean", "a string")),
    ({"parallel_tool_calls": "yes"}, wrong_type("parallel_tool_calls", "a boolean", "a string")),
    ({"instructions": OBJECT}, wrong_type("instructions", "a string", "an object")),
    ({"user": OBJECT}, wrong_type("user", "a string", "an object")),
    ({"safety_identifier": OBJECT}, wrong_type("safety_identifier", "a string", "an object")),
    ({"text": "x"}, wrong_type("text", "an object", "a string")),
    ({"context_management": "x"}, wrong_type("context_management", "an array of objects", "a string")),
    ({"moderation": "x"}, wrong_type("moderation", "an object", "a string")),
    # Values and bounds.
    ({"truncation": "bogus"}, bad_value("truncation", "bogus", "'auto' and 'disabled'")),
    ({"include": ["bogus.thing"]}, bad_value("include[0]", "bogus.thing", INCLUDES)),
    (
        {"service_tier": "bogus"},
        bad_value("service_tier", "bogus", "'auto', 'default', 'fast', 'flex', and 'priority'"),
    ),
    ({"prompt_cache_retention": "x"}, bad_value("prompt_cache_retention", "x", "'in_memory' and '24h'")),
    ({"max_tool_calls": 0}, below("max_tool_calls", 1, 0)),
    ({"max_output_tokens": 0}, below("max_output_tokens", 16, 0)),
    ({"max_output_tokens": 15}, below("max_output_tokens", 16, 15)),
    ({"metadata": {str(n): "v" for n in range(17)}}, TOO_MANY),
    ({"prompt_cache_options": {"bogus": 1}}, unknown("prompt_cache_options.bogus")),
    ({"stream_options": {"include_usage": True}}, unknown("stream_options.include_usage")),
    ({"stream_options": {"bogus": 1}}, unknown("stream_options.bogus")),
    # Help with spelling.
    ({"sto": 1}, unknown("sto", "'store'")),
    ({"st": 1}, unknown("st")),
    ({"stre": 1}, unknown("stre", "'store' or 'stream'")),
    ({"strem": 1}, unknown("strem", "'stream' or 'store'")),
    ({"tool": 1}, unknown("tool", "'tools'")),
    ({"usr": 1}, unknown("usr", "'user'")),
    ({"inclde": 1}, unknown("inclde", "'include'")),
    ({"inpu": 1}, unknown("inpu")),
    ({"modell": 1}, unknown("modell")),
    ({"temperatur": 1}, unknown("temperatur", "'temperature'")),
]

# Two things are wrong: the place of the one that is told.
TWO_WRONG_ON_RESPONSES: list[tuple[Body, str | None]] = [
    ({"input": ..., "zzz": 1}, "input"),
    ({"input": ..., "truncation": "bogus"}, "input"),
    ({"input": ..., "previous_response_id": "resp_x"}, "input"),
    ({"input": ..., "model": ...}, "model"),
    ({"model": ..., "zzz": 1}, "model"),
    ({"input": [], "zzz": 1}, "zzz"),
    ({"input": [], "truncation": "bogus"}, "truncation"),
    ({"input": [], "temperature": 0.5}, None),
    ({"input": [], "previous_response_id": "resp_x"}, "previous_response_id"),
    ({"input": [USER | {"bogus": 1}], "zzz": 1}, "zzz"),
    ({"input": [{}], "truncation": "bogus"}, "input[0]"),
    ({"input": [{}], "previous_response_id": "resp_x"}, "input[0]"),
    ({"input": [{}], "temperature": 0.5}, "input[0]"),
    ({"text": {"verbosity": "bogus"}, "context_management": "x"}, "text.verbosity"),
    ({"text": {"verbosity": "bogus"}, "temperature": 0.5}, "text.verbosity"),
    ({"prompt": {"id": "pmpt_x"}, "include": ["bogus.thing"]}, "include[0]"),
    ({"prompt": {"id": "pmpt_x"}, "truncation": "bogus"}, "truncation"),
    ({"previous_response_id": "resp_x", "truncation": "bogus"}, "truncation"),
    ({"previous_response_id": "resp_x", "temperature": 0.5}, "previous_response_id"),
    ({"previous_response_id": "resp_x", "prompt": {"id": "pmpt_x"}}, None),
    ({"conversation": "conv_x", "temperature": 0.5}, None),
    ({"include": [LOGPROBS], "tools": "x"}, "tools"),
    ({"top_logprobs": 1, "context_management": "x"}, "context_management"),
    ({"top_logprobs": 1, "temperature": 0.5}, "temperature"),
    ({"include": [LOGPROBS], "temperature": 0.5}, "temperature"),
    ({"include": [LOGPROBS], "top_logprobs": 1}, "include"),
    ({"max_output_tokens": 16, "top_p": 0.5}, "top_p"),
]

TAKEN_ON_RESPONSES: list[Body] = [
    {"temperature": 1},
    {"user": None, "text": None, "tools": None, "metadata": None, "truncation": None, "store": None},
    {"instructions": None, "max_output_tokens": None, "temperature": None, "top_logprobs": None, "include": None},
    items(USER | {"status": "completed"}),
    items(USER | {"id": "msg_x"}),
    items(USER | {"type": "message"}),
    items({"role": "developer", "content": "ping"}, USER),
    items(USER, assistant(), {"role": "user", "content": "again"}),
    items(USER, assistant(phase="final_answer"), {"role": "user", "content": "again"}),
    items({"role": "assistant", "content": [{"type": "refusal", "refusal": "no"}]}, USER),
    {
        "background": True,
        "max_tool_calls": 3,
        "parallel_tool_calls": False,
        "truncation": "auto",
        "instructions": "Be terse.",
        "user": "u",
        "safety_identifier": "s",
        "prompt_cache_key": "k",
        "prompt_cache_options": {"mode": "implicit", "ttl": "30m"},
        "prompt_cache_retention": "24h",
        "metadata": {"a": "b"},
        "service_tier": "fast",
    },
]
