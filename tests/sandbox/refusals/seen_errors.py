"""What others saw the live API answer, each with the error of the catalog that it is."""

from ...good_requests import CHAT, COMPLETION, HI, RESPONSE, RESPONSES
from .answers import BAD, Answer
from .raising import Raising, Step, chat, embeddings, fault, get, limited, post, responses, steps

MOVED = "https://platform.openai.com/docs/api-reference/responses/create"
KEYS = "https://platform.openai.com/account/api-keys"
LIMITS = "Visit https://platform.openai.com/account/rate-limits to learn more."
LATER = "Please try again in"
ENCRYPTED = {"type": "reasoning", "summary": [], "encrypted_content": "gAAAAABo"}
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
            Step("POST", RESPONSES, RESPONSE),
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
    (
        "missing_scope",
        fault("missing_scope"),
        Answer(
            401,
            BAD,
            None,
            None,
            "You have insufficient permissions for this operation. Missing scopes: api.responses.write. Check that you "
            "have the correct role in your organization (Reader, Writer, Owner) and project (Member, Owner), and if "
            "you're using a restricted API key, that it has the necessary scopes.",
        ),
    ),
    (
        "organization_mismatch",
        fault("organization_mismatch"),
        Answer(
            401,
            BAD,
            "mismatched_organization",
            None,
            "OpenAI-Organization header should match organization for API key",
        ),
    ),
    (
        "system_role_unsupported",
        post(CHAT, COMPLETION | {"messages": [{"role": "system", "content": "x"}]}, faults="system_role_unsupported"),
        Answer(
            400,
            BAD,
            "unsupported_value",
            "messages[0].role",
            "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
        ),
    ),
    (
        "responses_only",
        post(CHAT, COMPLETION, faults="responses_only"),
        Answer(
            404,
            BAD,
            None,
            "model",
            "This model is only supported in v1/responses and not in v1/chat/completions.",
        ),
    ),
    (
        "encrypted_content_invalid",
        post(RESPONSES, RESPONSE | {"input": [ENCRYPTED, HI]}, faults="encrypted_content_invalid"),
        Answer(
            400,
            BAD,
            "invalid_encrypted_content",
            None,
            "The encrypted content gAAA...c90= could not be verified.",
        ),
    ),
    (
        "prompt_flagged",
        fault("prompt_flagged"),
        Answer(
            400,
            BAD,
            "invalid_prompt",
            None,
            "Invalid prompt: your prompt was flagged as potentially violating our usage policy. Please try again with "
            "a different prompt: https://platform.openai.com/docs/guides/reasoning#advice-on-prompting",
        ),
    ),
    (
        "azure_responses_version",
        post("/openai/responses?api-version=2024-12-01-preview", RESPONSE),
        Answer(
            400,
            None,
            "BadRequest",
            None,
            "Azure OpenAI Responses API is enabled only for api-version 2025-03-01-preview and later",
        ),
    ),
    (
        "azure_content_filter",
        fault("azure_content_filter"),
        Answer(
            400,
            None,
            "content_filter",
            "prompt",
            "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please "
            "modify your prompt and retry. To learn more about our content filtering policies please read our "
            "documentation: https://go.microsoft.com/fwlink/?linkid=2198766",
        ),
    ),
    (
        "name_pattern",
        chat(tools=[{"type": "function", "function": {"name": "get weather"}}], reasoning_effort="none"),
        Answer(
            400,
            BAD,
            "invalid_value",
            "tools[0].function.name",
            "Invalid 'tools[0].function.name': string does not match pattern. Expected a string that matches the "
            "pattern '^[a-zA-Z0-9_-]+$'.",
        ),
    ),
    (
        "parameter_unsupported.chat",
        post(
            CHAT,
            COMPLETION | {"parallel_tool_calls": False},
            faults="parameter_unsupported param=parallel_tool_calls",
        ),
        Answer(
            400,
            BAD,
            "unsupported_parameter",
            "parallel_tool_calls",
            "Unsupported parameter: 'parallel_tool_calls' is not supported with this model.",
        ),
    ),
    (
        "reasoning_items_unsupported",
        responses(model="gpt-4.1", input=[ENCRYPTED, HI]),
        Answer(
            400,
            BAD,
            None,
            "input",
            "Reasoning input items can only be provided to a reasoning or computer use model. Remove reasoning items "
            "from your input and try again.",
        ),
    ),
]
