"""Tools that the API or the client runs, and items of each kind with all their members, as a client may send them."""

from collections.abc import Mapping, Sequence
from typing import Any

from openai_sandbox.api.shared.mcp_servers import McpServerError, McpTool

from ...good_requests import CALL_OUTPUT, FLAT_CALL, FLAT_FUNCTION, HI, TEXT

CITY: Any = {"type": "object", "properties": {"city": TEXT}, "required": ["city"]}
SERVER: Any = {
    "type": "mcp",
    "server_label": "weather",
    "server_url": "http://127.0.0.1:1/mcp",
    "require_approval": {"never": {"tool_names": ["get_weather"], "read_only": True}, "always": {"tool_names": []}},
    "allowed_tools": {"tool_names": ["get_weather"]},
    "authorization": "a",
    "headers": {"x-a": "b"},
}
FUNCTION: Any = FLAT_FUNCTION | {"parameters": CITY, "strict": False, "description": "f"}

TOOLS: Sequence[Any] = (
    SERVER,
    SERVER | {"require_approval": "never", "allowed_tools": ["get_weather"]},
    SERVER | {"require_approval": "always"},
    {"type": "shell", "environment": {"type": "local", "skills": []}},
    {"type": "shell", "environment": {"type": "container_reference", "container_id": "cntr_1"}},
    {"type": "shell", "environment": {"type": "container_auto"}},
    {"type": "local_shell"},
    {"type": "apply_patch"},
    {"type": "computer"},
    {"type": "computer_use_preview", "display_width": 1, "display_height": 1, "environment": "browser"},
    {"type": "image_generation", "partial_images": 2, "size": "1024x1024", "quality": "low"},
    {"type": "file_search", "vector_store_ids": ["vs_x"], "ranking_options": {"score_threshold": 0.1}},
    {"type": "web_search", "filters": {"allowed_domains": ["a"]}, "user_location": {"type": "approximate"}},
    {"type": "code_interpreter", "container": {"type": "auto"}},
    {"type": "custom", "name": "c", "format": {"type": "grammar", "syntax": "regex", "definition": "a+"}},
    {"type": "tool_search", "execution": "client", "parameters": CITY},
    {"type": "namespace", "name": "n", "description": "d", "tools": [FUNCTION | {"defer_loading": True}]},
    FUNCTION,
)

LISTED: Any = {"name": "get_weather", "input_schema": CITY, "description": "the weather", "annotations": {}}
FOUND: Any = {"attributes": {"a": 1}, "file_id": "file-x", "filename": "a", "score": 0.1, "text": "a"}
CHUNK: Any = {"outcome": {"type": "exit", "exit_code": 0}, "stderr": "", "stdout": "a"}
ACTION: Any = {"type": "exec", "command": ["ls"], "env": {"A": "b"}, "timeout_ms": 1}

# Each is what a request may hold one after the other: a call and its output, say.
ITEMS: Sequence[list[Any]] = (
    [{"type": "mcp_list_tools", "id": "mcpl_1", "server_label": "weather", "tools": [LISTED], "error": None}],
    [
        {"type": "mcp_approval_request", "id": "mcpr_1", "arguments": "{}", "name": "f", "server_label": "weather"},
        {"type": "mcp_approval_response", "approval_request_id": "mcpr_1", "approve": True, "reason": "a"},
    ],
    [
        {
            "type": "mcp_call",
            "id": "mcp_1",
            "arguments": "{}",
            "name": "f",
            "server_label": "weather",
            "approval_request_id": None,
            "error": {"type": "mcp_tool_execution_error", "content": [{"type": "text", "text": "a"}]},
            "output": "a",
            "status": "failed",
        }
    ],
    [
        {"type": "shell_call", "call_id": "call_2", "action": {"commands": ["ls"]}, "environment": {"type": "local"}},
        {"type": "shell_call_output", "call_id": "call_2", "output": [CHUNK], "max_output_length": 5},
    ],
    [
        {"type": "local_shell_call", "id": "lsh_1", "call_id": "call_3", "action": ACTION, "status": "completed"},
        {"type": "local_shell_call_output", "id": "call_3", "output": "a", "status": None},
    ],
    [
        {
            "type": "apply_patch_call",
            "call_id": "call_4",
            "operation": {"type": "update_file", "path": "a", "diff": "b"},
            "status": "completed",
        },
        {"type": "apply_patch_call_output", "call_id": "call_4", "status": "completed", "output": None},
    ],
    [
        {
            "type": "computer_call",
            "id": "cu_1",
            "call_id": "call_5",
            "pending_safety_checks": [{"id": "a", "code": "b", "message": "c"}],
            "status": "completed",
            "action": {"type": "click", "x": 1, "y": 2, "button": "left"},
            "actions": [{"type": "wait"}],
        },
        {
            "type": "computer_call_output",
            "call_id": "call_5",
            "output": {"type": "computer_screenshot", "image_url": "data:,"},
            "acknowledged_safety_checks": [{"id": "a"}],
        },
    ],
    [
        {
            "type": "file_search_call",
            "id": "fs_1",
            "queries": ["a"],
            "status": "completed",
            "results": [FOUND],
        }
    ],
    [
        {
            "type": "web_search_call",
            "id": "ws_1",
            "status": "completed",
            "action": {"type": "search", "query": "a", "sources": [{"type": "url", "url": "a"}]},
        }
    ],
    [{"type": "image_generation_call", "id": "ig_1", "status": "completed", "result": "aa"}],
    [
        {
            "type": "code_interpreter_call",
            "id": "ci_1",
            "code": "a",
            "container_id": "c",
            "status": "completed",
            "outputs": [{"type": "logs", "logs": "a"}],
        }
    ],
    [
        {"type": "tool_search_call", "arguments": {"paths": ["f"]}, "call_id": "call_6", "execution": "client"},
        {"type": "tool_search_output", "tools": [FUNCTION], "call_id": "call_6", "execution": "client"},
    ],
    [{"type": "additional_tools", "role": "developer", "tools": [FUNCTION, SERVER, {"type": "shell"}]}],
    [
        {"type": "custom_tool_call", "call_id": "call_7", "name": "c", "input": "a"},
        {"type": "custom_tool_call_output", "call_id": "call_7", "output": [{"type": "input_text", "text": "a"}]},
    ],
    [FLAT_CALL, CALL_OUTPUT],
    [{"type": "compaction", "id": "cmp_1", "encrypted_content": "gAAAAAx"}],
    [{"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "a"}], "content": []}, HI],
)


class Weather:
    """An MCP server in this process. Which schema its tool has, what that answers and how it fails can be changed."""

    schema: Any = CITY
    answer: str = "sunny"
    problem: str = ""

    def list_tools(self, url: str, headers: Mapping[str, str]) -> list[McpTool]:
        return [McpTool("get_weather", "The weather in a city", self.schema, read_only=True)]

    def call_tool(self, url: str, headers: Mapping[str, str], name: str, arguments: str) -> str:
        if self.problem:
            raise McpServerError(self.problem)
        return self.answer
