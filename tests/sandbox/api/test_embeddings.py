"""POST /v1/embeddings through the real SDK: vectors, their limits and their refusals."""

import base64
import math
import struct
from collections.abc import Sequence
from typing import Any

import pytest
from openai import AsyncOpenAI, BadRequestError, NotFoundError, OpenAI, RateLimitError
from openai.types import CreateEmbeddingResponse

from openai_sandbox import Sandbox
from openai_sandbox.model import embeddings, tokens
from openai_sandbox.stages.rate_limit import RateLimit

from ...good_requests import EMBEDDINGS, SMALL
from ..client import Ask, MakeSandbox

SIZES = [("text-embedding-3-small", 1536), ("text-embedding-3-large", 3072), ("text-embedding-ada-002", 1536)]


def vectors(client: OpenAI, *texts: str, **options: Any) -> list[list[float]]:
    reply = client.embeddings.create(**SMALL | {"input": list(texts)} | options)
    return [row.embedding for row in reply.data]


def closeness(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


@pytest.mark.simulates("strict-objects")
def test_every_reply_is_strictly_valid(client: Ask) -> None:
    for model, size in SIZES:
        reply = client("POST", EMBEDDINGS, json={"model": model, "input": ["one", "two"]}).json()
        parsed = CreateEmbeddingResponse.model_validate(reply, strict=True)
        assert [row.index for row in parsed.data] == [0, 1]
        assert [len(row.embedding) for row in parsed.data] == [size, size]


@pytest.mark.simulates("embeddings-vectors")
def test_vectors_are_units_equal_for_equal_texts_and_closer_for_texts_that_share_words(openai_client: OpenAI) -> None:
    cat, again, paraphrase, other = vectors(
        openai_client,
        "The cat sat on the mat.",
        "The cat sat on the mat.",
        "On the mat there sat a cat.",
        "Quarterly revenue rose by nine percent.",
    )
    assert cat == again
    for vector in (cat, paraphrase, other):
        assert math.hypot(*vector) == pytest.approx(1.0, abs=1e-6)
    assert closeness(cat, paraphrase) > 0.4 > 0.2 > abs(closeness(cat, other))


def test_the_nearest_text_is_found_in_each_model_and_size(openai_client: OpenAI) -> None:
    texts = ["How do I reset my password?", "Opening hours of the shop", "Bread needs flour, water and salt"]
    for model, _ in SIZES:
        for size in (None, 256) if model != "text-embedding-ada-002" else (None,):
            options: dict[str, Any] = {"model": model} | ({"dimensions": size} if size else {})
            question, *rows = vectors(openai_client, "I forgot my password and need a reset", *texts, **options)
            nearest = max(range(len(rows)), key=lambda row: closeness(question, rows[row]))
            assert texts[nearest] == texts[0], (model, size)


def test_a_vector_does_not_depend_on_seed_order_or_company(sandbox: MakeSandbox) -> None:
    found = []
    for seed, texts in ((1, ["hello"]), (2, ["something else", "hello"])):
        with sandbox(seed=seed), OpenAI() as client:
            found.append(vectors(client, *texts)[-1])
    assert found[0] == found[1]


def test_models_have_vectors_of_their_own(openai_client: OpenAI) -> None:
    small = vectors(openai_client, "hello")[0]
    ada = vectors(openai_client, "hello", model="text-embedding-ada-002")[0]
    assert abs(closeness(small, ada)) < 0.2


@pytest.mark.simulates("embeddings-shortened")
def test_fewer_dimensions_are_the_first_ones_made_a_unit_again(openai_client: OpenAI) -> None:
    (whole,) = vectors(openai_client, "a text to shorten")
    (short,) = vectors(openai_client, "a text to shorten", dimensions=256)
    assert len(short) == 256
    length = math.hypot(*whole[:256])
    assert short == pytest.approx([value / length for value in whole[:256]], abs=1e-6)
    assert len(vectors(openai_client, "x", dimensions=1)[0]) == 1


def test_base64_holds_the_same_numbers_as_little_endian_floats(client: Ask) -> None:
    body = SMALL | {"input": "hello", "dimensions": 8}
    numbers = client("POST", EMBEDDINGS, json=body | {"encoding_format": "float"}).json()
    packed = client("POST", EMBEDDINGS, json=body | {"encoding_format": "base64"}).json()
    raw = base64.b64decode(packed["data"][0]["embedding"])
    assert list(struct.unpack("<8f", raw)) == numbers["data"][0]["embedding"]


def test_the_sdk_asks_for_base64_and_gives_floats(openai_client: OpenAI, api: Sandbox) -> None:
    reply = openai_client.embeddings.create(**SMALL, input="hello")
    assert api.requests[-1].body["encoding_format"] == "base64"
    CreateEmbeddingResponse.model_validate(reply.model_dump(), strict=True)
    asked = openai_client.embeddings.create(**SMALL, input="hello", encoding_format="float")
    assert asked.data[0].embedding == pytest.approx(reply.data[0].embedding)


@pytest.mark.anyio
async def test_it_works_async(api: Sandbox) -> None:
    async with AsyncOpenAI() as client:
        reply = await client.embeddings.create(**SMALL, input=["a", "b", "c"])
    assert len(reply.data) == 3


@pytest.mark.simulates("embeddings-tokens")
def test_usage_counts_texts_and_tokens(openai_client: OpenAI) -> None:
    cases: list[tuple[Any, int]] = [
        ("hello world", tokens.count("hello world")),
        (["hello world", "hi"], tokens.count("hello world") + tokens.count("hi")),
        ([15339, 1917], 2),
        ([[15339], [1917, 0]], 3),
    ]
    for given, counted in cases:
        usage = openai_client.embeddings.create(**SMALL, input=given).usage
        assert usage.prompt_tokens == usage.total_tokens == counted


def test_lists_of_tokens_that_share_tokens_are_closer(openai_client: OpenAI) -> None:
    given: Any = [[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 7], [90, 91, 92, 93, 94, 95]]
    one, near, far = (row.embedding for row in openai_client.embeddings.create(**SMALL, input=given).data)
    assert closeness(one, near) > closeness(one, far) + 0.3


def test_texts_without_words_have_vectors_too(openai_client: OpenAI) -> None:
    for text in (" ", "?!", "\u0000", "😀", "a" * 5000):
        assert math.hypot(*vectors(openai_client, text)[0]) == pytest.approx(1.0, abs=1e-6)


def test_ada_answers_under_its_other_name(openai_client: OpenAI) -> None:
    reply = openai_client.embeddings.create(model="text-embedding-ada-002", input="hi")
    assert reply.model == "text-embedding-ada-002-v2"


@pytest.mark.simulates("embeddings-limits")
def test_inputs_up_to_the_limits_pass_and_one_more_is_refused(client: Ask) -> None:
    def message(**body: Any) -> str | None:
        reply = client("POST", EMBEDDINGS, json=SMALL | {"dimensions": 2} | body)
        if reply.status_code == 200:
            return None
        error = reply.json()["error"]
        assert (reply.status_code, error["type"], error["code"]) == (400, "invalid_request_error", None)
        return str(error["message"])

    assert message(input=["x"] * 2048) is None
    assert message(input=["x"] * 2049) == "Invalid 'input': array length must be 2048 or less."
    assert message(input=[7] * 8192) is None
    assert message(input=[7] * 8193) == "Invalid 'input': maximum input length is 8192 tokens."
    assert message(input=["x", "word " * 9000]) == "Invalid 'input[1]': maximum input length is 8192 tokens."
    assert message(input=[[7] * 8192] * 36) is None
    assert message(input=[[7] * 8192] * 37) == "Invalid 'input': maximum request size is 300000 tokens per request."
    assert message(input="") is None  # recorded on the live API: only in a list it may not be empty
    assert message(input=["x", ""]) == "Invalid 'input[1]': input cannot be an empty string."
    assert message(input=[]) == "Invalid 'input': input cannot be an empty array."


INVALID = "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference."


@pytest.mark.parametrize(
    ("change", "code", "param", "message"),
    [
        ({"input": 7}, None, None, INVALID),
        ({"input": None}, None, None, INVALID),
        ({"input": {"text": "x"}}, None, None, INVALID),
        ({"input": ["x", 7]}, None, None, INVALID),
        ({"input": [1, -1]}, None, None, INVALID),
        ({"input": [1, 2.5]}, None, None, INVALID),
        ({"input": [True]}, None, None, INVALID),
        ({"input": [[1], []]}, None, None, INVALID),
        ({"input": [["x"]]}, None, None, INVALID),
        ({"input": [["x" * 3] * 2, "y"]}, None, None, INVALID),
        (
            {"dimensions": 1537},
            None,
            "dimensions",
            "Invalid value for 'dimensions' = 1537. Must be less than or equal to 1536.",
        ),
        ({"dimensions": 0}, "integer_below_min_value", "dimensions", None),
        ({"dimensions": "8"}, "invalid_type", "dimensions", None),
        ({"dimensions": True}, "invalid_type", "dimensions", None),
        ({"dimensions": 8.5}, "invalid_type", "dimensions", None),
        ({"encoding_format": "hex"}, "invalid_value", "encoding_format", None),
        ({"user": 7}, "invalid_type", "user", None),
        ({"dimension": 8}, "unknown_parameter", "dimension", None),
        ({"model": 7}, "invalid_type", "model", None),
        ({"model": None}, None, None, "you must provide a model parameter"),
        (
            {"model": "text-embedding-ada-002", "dimensions": 8},
            None,
            None,
            "This model does not support specifying dimensions.",
        ),
    ],
)
def test_a_bad_body_is_refused(client: Ask, change: dict[str, Any], code: str, param: str, message: str | None) -> None:
    reply = client("POST", EMBEDDINGS, json=SMALL | {"input": "hello"} | change)
    error = reply.json()["error"]
    assert (reply.status_code, error["code"], error["param"]) == (400, code, param)
    assert message in (None, error["message"])


def test_what_is_missing_is_named(client: Ask) -> None:
    assert client("POST", EMBEDDINGS, json=SMALL).json()["error"]["param"] == "input"
    assert client("POST", EMBEDDINGS, json={"input": "x"}).json()["error"]["message"].startswith("you must")
    assert client("POST", EMBEDDINGS, content=b"").status_code == 400


def test_a_model_that_makes_no_vectors_is_not_found(openai_client: OpenAI) -> None:
    for model in ("gpt-6-luna", "text-embedding-4"):
        with pytest.raises(NotFoundError, match="does not exist or you do not have access to it") as caught:
            openai_client.embeddings.create(model=model, input="x")
        assert caught.value.code == "model_not_found"
    with pytest.raises(BadRequestError, match="does not exist"):
        openai_client.responses.create(model="text-embedding-3-small", input="x")


def test_the_models_are_listed(openai_client: OpenAI) -> None:
    listed = {model.id for model in openai_client.models.list()}
    assert listed >= embeddings.embedding_models().keys()
    for id, model in embeddings.embedding_models().items():
        assert openai_client.models.retrieve(id).created == model.created


def test_embeddings_count_against_the_rate_limits() -> None:
    with Sandbox(now=0, tier=RateLimit(2, 10_000)), OpenAI(max_retries=0) as client:
        for _ in range(2):
            client.embeddings.create(**SMALL, input="hello")
        with pytest.raises(RateLimitError):
            client.embeddings.create(**SMALL, input="hello")


def test_every_model_says_how_it_is_known() -> None:
    for model in embeddings.embedding_models().values():
        assert model.evidence in ("recorded", "specified", "pasted", "inferred")
        assert model.source
