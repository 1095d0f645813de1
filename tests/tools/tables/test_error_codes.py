"""Every error code of the catalog has a remedy, and every remedy a code."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from openai import BadRequestError, OpenAI

from docs._tools.tables import error_codes
from docs._tools.tables.error_codes import CodeError, by_code, remedies, render
from docs._tools.tables.error_pages import problems
from docs._tools.tables.exception_sections import sections
from docs._tools.tables.sdk import raised
from openai_sandbox import Sandbox
from openai_sandbox.wire.errors import catalog

FEWEST_CODES = 36


def test_every_code_of_the_catalog_has_a_remedy() -> None:
    codes = {case.code for case in catalog().values() if case.code}
    assert len(codes) >= FEWEST_CODES
    assert remedies().keys() == codes | {"invalid_function_parameters"}


def test_every_code_that_a_problem_ends_with_is_among_them() -> None:
    codes = {problem.raises.code for problem in problems() if problem.raises and problem.raises.code}
    assert {code for code in codes - by_code().keys() if not code.isdigit()} == set(), "other servers have numbers"


@pytest.mark.parametrize("strict", [True, False])
def test_the_code_for_a_schema_of_a_function_is_the_one_that_the_sandbox_answers(api: Sandbox, strict: bool) -> None:
    schema = {"type": "object", "properties": {"names": {"type": "array"}}}
    tool: Any = {"type": "function", "name": "find", "parameters": schema, "strict": strict}
    with OpenAI() as client, pytest.raises(BadRequestError) as refused:
        client.responses.create(model="gpt-6-luna", input="Find Ada", tools=[tool])
    assert refused.value.code == "invalid_function_parameters"
    assert refused.value.code in by_code()


def test_every_code_stands_on_the_page_with_its_class_and_its_message() -> None:
    parts = {part.partition("`")[0]: part for part in render().split("\n### `")[1:]}
    assert parts.keys() == by_code().keys()
    for code, cases in by_code().items():
        assert cases[0].message.replace("`", "'") in parts[code]
        for case in cases:
            assert f"Status {case.status}: [`{raised(case.status)[0].__name__}`]" in parts[code]


def test_the_class_of_every_code_has_a_section() -> None:
    statuses = {case.status for cases in by_code().values() for case in cases}
    assert {raised(status)[0].__name__ for status in statuses} <= {section.name for section in sections()}


def test_what_is_the_sandboxs_own_stands_apart() -> None:
    api, _, own = render().partition("## Codes of the sandbox")
    assert "### `invalid_api_key`" in api
    assert "### `sandbox_failed`" in own
    assert "sandbox's own" not in api


def test_a_missing_recording_is_not_retried_whatever_its_status() -> None:
    rows = error_codes.render_list().splitlines()
    assert next(row for row in rows if "#recording_missing" in row).endswith("| no |")
    assert next(row for row in rows if "#upstream_failed" in row).endswith("| yes |")


def test_a_problem_with_a_code_is_linked() -> None:
    assert "[Unsupported parameter: 'max_tokens'](parameters.md#max-tokens-unsupported)" in render()


@pytest.mark.parametrize(
    ("change", "said"),
    [("new_code: ''\n", "no code 'new_code'"), ("invalid_type: ''\n", "'invalid_type' has no remedy")],
)
def test_a_remedy_too_many_or_too_few_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: str, said: str
) -> None:
    changed = tmp_path / "code-remedies.yml"
    changed.write_text(error_codes.DATA.read_text("utf-8").replace("invalid_type: >-", "was_invalid_type: >-") + change)
    monkeypatch.setattr(error_codes, "DATA", changed)
    with pytest.raises(CodeError, match=said):
        remedies()


def test_a_new_code_in_the_catalog_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    case = dataclasses.replace(catalog()["invalid_api_key"], code="brand_new")
    monkeypatch.setattr(error_codes, "catalog", lambda: catalog() | {"brand_new": case})
    with pytest.raises(CodeError, match="'brand_new' has no remedy"):
        remedies()
