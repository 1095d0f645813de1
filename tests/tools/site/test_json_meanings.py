"""What the keys of a JSON block mean, found by their path in the object, and cut to what can be shown."""

import html
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from docs._tools.site.json_meanings import PARAMETERS, keys, meanings, shortened, with_meanings, with_titles
from docs._tools.tables.object_fields import OBJECTS, FieldError


def block(json_text: str, kind: str = "openai.types.responses.Response") -> str:
    """Return a block as the highlighter leaves it: keys in spans, the rest as it is, the meanings on the whole."""
    given = f'data-sdk-type="{kind}" data-meanings="{meanings(html.unescape(json_text), kind)}"'
    code = re.sub(r'"[^"]*"(?=:)', lambda name: f'<span class="nt">{name[0]}</span>', json_text)
    return f'<div class="language-json highlight" {given}><pre><code>{code}</code></pre></div>'


def paths(value: dict[str, Any], kind: Any = Response) -> list[str]:
    return [key.path for key in keys(value, kind)]


def test_paths_name_lists_and_the_types_of_their_items() -> None:
    text = {"type": "output_text", "annotations": [{"type": "url_citation", "url": ""}]}
    assert paths({"output": [{"type": "reasoning", "summary": []}, {"type": "message", "content": [text]}]}) == [
        "output",
        "output[reasoning].type",
        "output[reasoning].summary",
        "output[message].type",
        "output[message].content",
        "output[message].content[output_text].type",
        "output[message].content[output_text].annotations",
        "output[message].content[output_text].annotations[url_citation].type",
        "output[message].content[output_text].annotations[url_citation].url",
    ]
    assert paths({"choices": [{"message": {"content": "Hi"}}], "usage": {"prompt_tokens": 1}}, ChatCompletion) == [
        "choices",
        "choices[].message",
        "choices[].message.content",
        "usage",
        "usage.prompt_tokens",
    ]


def test_a_key_that_is_spelled_otherwise_in_python_is_found() -> None:
    (_, type_, found) = keys({"output": [{"type": "function_call", "async": True}]}, Response)
    assert type_.meaning == "The type of the function tool call. Always function_call."
    assert (found.name, found.path) == ("async", "output[function_call].async_")
    assert found.meaning == "Whether the function tool call runs asynchronously."


def test_a_key_that_is_null_is_not_said_to_be_absent() -> None:
    for value, word in ((None, "Null"), ({"reason": "content_filter"}, "Absent")):
        (found, *_) = keys({"incomplete_details": value}, Response)
        assert found.meaning == f"Details about why the response is incomplete. {word} unless it is incomplete."


def test_the_keys_of_a_caller_mean_nothing_and_those_of_a_request_what_its_parameter_does() -> None:
    found = {key.path: key.meaning for key in keys({"store": True, "metadata": {"id": "1", "store": "2"}}, Response)}
    assert found["store"].startswith(
        "Not a field of the SDK's type. The SDK says about the request parameter of this name: Whether to store"
    )
    assert found["metadata.id"] == found["metadata.store"] == ""
    assert paths({"nobody": {"knows": [{"it": 1}]}}) == ["nobody", "nobody.knows", "nobody.knows.it"]


def test_titles_go_to_the_keys_of_typed_blocks_only() -> None:
    explained = with_titles(block('{"id": "a \\"b\\" &lt;c&gt;", "metadata": {"id": "1"}}'))
    assert explained.count("title=") == 2
    assert '<span class="nt" title="Unique identifier for this Response.">"id"</span>' in explained
    assert '{<span class="nt">"id"</span>: "1"}' in explained
    assert "data-meanings" not in explained
    plain = re.sub(' data-[^>]*"', "", block("{}"))
    assert with_titles(plain) == plain


def test_a_block_that_is_highlighted_otherwise_is_refused() -> None:
    with pytest.raises(FieldError, match="the highlighted keys are not those of the JSON"):
        with_titles(block('{"id": ""}').replace('class="nt"', 'class="s2"'))


@pytest.mark.parametrize("indent", ["", "    "])
@pytest.mark.parametrize("body", ['--8<-- "reply.json"', '{"id": "1"}'])
def test_the_meanings_are_in_the_markdown_of_a_typed_block(tmp_path: Path, indent: str, body: str) -> None:
    (tmp_path / "reply.json").write_text('{"id": "1"}')
    options = '.json title="reply.json" data-sdk-type="openai.types.responses.Response"'
    text = "\n".join(f"{indent}{line}" for line in (f"``` {{ {options} }}", body, "```"))
    given = meanings('{"id": "1"}', "openai.types.responses.Response")
    assert with_meanings(text, tmp_path) == text.replace(options, f'{options} data-meanings="{given}"')
    assert json.loads(unquote(given)) == [["id", "Unique identifier for this Response."]]
    untyped = text.replace(' data-sdk-type="openai.types.responses.Response"', "")
    assert with_meanings(untyped, tmp_path) == untyped


def test_a_meaning_is_cut_between_sentences_or_refused() -> None:
    sentence = "What it means, " + "at length, " * 10 + "said."
    assert shortened(f"`{sentence}` Too much. {sentence} Left out.", "id") == f"{sentence} Too much."
    with pytest.raises(FieldError, match=r"^usage\.x: .* shorten it in docs/reference/fields\.yml"):
        shortened("word " * 40, "usage.x")


def test_parameters_are_known_for_objects_that_exist() -> None:
    assert PARAMETERS.keys() <= OBJECTS.keys()
