"""Every exception class of the installed SDK is found, has an entry, and is told where it is imported from."""

import openai
import pytest

from docs._tools.tables import exception_sections
from docs._tools.tables.exception_sections import SectionError, exception_classes, public_place, sections, snake
from docs._tools.tables.sdk import exceptions, raised


def test_a_status_without_a_class_is_retried_only_if_it_is_408() -> None:
    assert raised(408) == (openai.APIStatusError, 3)
    assert raised(413) == (openai.APIStatusError, 1)


def test_all_that_the_package_exports_is_found() -> None:
    assert set(exceptions()) <= set(exception_classes().values())
    assert {"APIRemovedInV1", "StreamAlreadyConsumed", "ToolRunnerCancelledError"} <= exception_classes().keys()


@pytest.mark.parametrize(
    ("change", "said"),
    [({"NewError": ValueError}, "NewError has no entry"), ({"APIError": None}, "the SDK has no APIError")],
)
def test_a_class_that_comes_or_goes_is_named(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, type[BaseException] | None], said: str
) -> None:
    changed = {name: cls for name, cls in (exception_classes() | change).items() if cls}
    monkeypatch.setattr(exception_sections, "exception_classes", lambda: changed)
    with pytest.raises(SectionError, match=said):
        sections()


def test_names_of_classes_become_names_of_files() -> None:
    assert [snake(name) for name in ("APIRemovedInV1", "OpenAIError", "OAuthError", "WebSocketQueueFullError")] == [
        "api_removed_in_v1",
        "openai_error",
        "oauth_error",
        "websocket_queue_full_error",
    ]


def test_a_class_is_imported_from_the_shortest_public_place() -> None:
    places = {name: public_place(cls) for name, cls in exception_classes().items()}
    assert places["APIError"] == "openai"
    assert places["AgentTurnResultError"] == "openai.lib.beta.agents"
    assert places["APIRemovedInV1"] is None


def test_a_section_links_the_problems_that_end_with_its_class() -> None:
    text = exception_sections.render()
    part = text[text.index("## `LengthFinishReasonError`") : text.index("## `ContentFilterFinishReasonError`")]
    assert "(response-shape.md#length-finish-not-apierror)" in part
    part = text[text.index("## `APIConnectionError`") : text.index("## `APITimeoutError`")]
    assert "(streaming.md#stream-cut)" in part
