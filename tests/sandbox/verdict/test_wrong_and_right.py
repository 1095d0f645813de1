"""Each finding: wrong client programs, in which it is found and nothing else, and the nearest right ones."""

from types import SimpleNamespace
from typing import Any

import pytest

from openai_sandbox.verdict.calls import Entry
from openai_sandbox.verdict.waits import _are_alike

from .client_programs import found_in, verdict_on

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

SDK_LOOP = """
with OpenAI(max_retries=0, timeout=5) as client:
    for attempt in range(6):
        try:
            client.responses.create(model=MODEL, input="Say hello")
            break
        except openai.APIError as problem:
            time.sleep({wait})
"""
ASYNC_LOOP = """
async def main():
    async with AsyncOpenAI(max_retries=0, timeout=5) as client:
        for attempt in range(6):
            try:
                await client.responses.create(model=MODEL, input="Say hello")
                break
            except openai.APIError as problem:
                await asyncio.sleep({wait})
asyncio.run(main())
"""
HTTPX_LOOP = """
with httpx.Client(headers=HEADERS) as client:
    for attempt in range(6):
        reply = client.post(f"{{URL}}/responses", json=body())
        if reply.status_code == 200:
            break
        time.sleep({wait})
"""
REQUESTS_LOOP = """
for attempt in range(6):
    reply = requests.post(f"{{URL}}/responses", json=body(), headers=HEADERS, timeout=5)
    if reply.ok:
        break
    time.sleep({wait})
"""
TENACITY_LOOP = """
client = OpenAI(max_retries=0)
ask = tenacity.retry(
    retry=tenacity.retry_if_exception_type(openai.APIError),
    wait={wait}, stop=tenacity.stop_after_attempt(6),
)(lambda: client.responses.create(model=MODEL, input="Say hello"))
ask()
"""
ASKED = "float(problem.response.headers['retry-after-ms']) / 1000"
STATED = "float(reply.headers['retry-after-ms']) / 1000"
BACKOFF = "(0.03 * 2 ** attempt) * random.uniform(0.8, 1.2)"
LIMITED = "rate_limit x2 retry_after_ms=150"

WAITS = [
    ("retry_after_ignored", LIMITED, SDK_LOOP, "0.05", ASKED),
    ("retry_after_ignored", LIMITED, ASYNC_LOOP, "0", ASKED),
    ("retry_after_ignored", LIMITED, HTTPX_LOOP, "0.01 * 2 ** attempt", STATED),
    ("retry_after_ignored", LIMITED, REQUESTS_LOOP, "0", f"{STATED} + 0.02"),
    ("retry_after_ignored", LIMITED, TENACITY_LOOP, "tenacity.wait_fixed(0.05)", "tenacity.wait_fixed(0.16)"),
    ("no_backoff", "server_error x3", SDK_LOOP, "0", BACKOFF),
    ("no_backoff", "server_error x3", ASYNC_LOOP, "0.1", BACKOFF),
    ("no_backoff", "overloaded x4", HTTPX_LOOP, "0.08", BACKOFF),
    ("no_backoff", "rate_limit x3", REQUESTS_LOOP, "0", BACKOFF),
    (
        "no_backoff",
        "server_error x4",
        TENACITY_LOOP,
        "tenacity.wait_fixed(0.1)",
        "tenacity.wait_exponential_jitter(0.03, 1, jitter=0.02)",
    ),
]


@pytest.mark.simulates("verdict")
@pytest.mark.parametrize(("id", "faults", "program", "wrong", "right"), WAITS)
def test_a_wait_that_is_wrong_is_found_and_the_right_one_is_not(
    id: str, faults: str, program: str, wrong: str, right: str
) -> None:
    assert found_in(program.format(wait=wrong), faults) == [id]
    assert verdict_on(program.format(wait=right), faults).ids == []


TOGETHER = """
async def ask(client, prompt):
    for attempt in range(4):
        try:
            return await client.responses.create(model=MODEL, input=prompt)
        except openai.APIError:
            await asyncio.sleep({wait})
async def main():
    async with AsyncOpenAI(max_retries=0) as client:
        await asyncio.gather(*(ask(client, f"Say hello {{n}} times") for n in range(5)))
asyncio.run(main())
"""
TOGETHER_HTTPX = """
async def ask(client, prompt):
    for attempt in range(4):
        reply = await client.post(f"{{URL}}/responses", json=body(prompt))
        if reply.status_code == 200:
            return
        await asyncio.sleep({wait})
async def main():
    async with httpx.AsyncClient(headers=HEADERS) as client:
        await asyncio.gather(*(ask(client, f"Say hello {{n}} times") for n in range(5)))
asyncio.run(main())
"""


@pytest.mark.parametrize("program", [TOGETHER, TOGETHER_HTTPX])
def test_calls_that_come_back_together_are_found_and_scattered_ones_are_not(program: str) -> None:
    assert found_in(program.format(wait="0.6 * 2 ** attempt"), "server_error x5") == ["no_jitter"]
    scattered = program.format(wait="0.6 * 2 ** attempt * random.uniform(0.3, 1)")
    assert verdict_on(scattered, "server_error x5").ids == []


REFUSED = [
    ("bad_key", SDK_LOOP, "if problem.status_code == 401: raise", "0.06 * 2 ** attempt"),
    ("context_length", ASYNC_LOOP, "raise", "0.06 * 2 ** attempt"),
    ("insufficient_quota", SDK_LOOP, "if problem.code == 'insufficient_quota': raise", "0.06 * 2 ** attempt"),
    ("http_error status=404", HTTPX_LOOP, "reply.raise_for_status()", "0.06 * 2 ** attempt"),
    ("credit_exhausted", REQUESTS_LOOP, "reply.raise_for_status()", "0.06 * 2 ** attempt"),
    ("http_error status=422", TENACITY_LOOP, "", "tenacity.wait_random_exponential(0.05)"),
]


@pytest.mark.parametrize(("fault", "program", "check", "wait"), REFUSED)
def test_sending_again_what_cannot_succeed_is_found_and_giving_up_is_not(
    fault: str, program: str, check: str, wait: str
) -> None:
    assert verdict_on(program.format(wait=wait), fault).ids == ["retried_in_vain"]
    if check:
        stops = "\n".join(
            f"{line[: len(line) - len(line.lstrip())]}{check}\n{line}" if "sleep(" in line else line
            for line in program.format(wait=wait).splitlines()
        )
    else:
        stops = program.format(wait=wait).replace("openai.APIError", "openai.InternalServerError")
    assert verdict_on(stops, fault).ids == []


def test_a_conversation_that_is_locked_may_be_free_when_it_is_asked_again() -> None:
    codes: dict[str | None, Any] = {
        code: SimpleNamespace(method="POST", status=400, code=code, fault=None)
        for code in (None, "invalid_value", "conversation_locked")
    }
    assert {code: Entry(1, exchange).vain for code, exchange in codes.items()} == {
        None: True,
        "invalid_value": True,
        "conversation_locked": False,
    }


def test_the_same_request_with_another_key_is_no_retry_in_vain() -> None:
    program = """
    client = OpenAI()
    try:
        client.responses.create(model=MODEL, input="Say hello")
    except openai.AuthenticationError:
        client.api_key = "sk-sandbox-1111111111111111"
        client.responses.create(model=MODEL, input="Say hello")
    """
    assert verdict_on(program, "bad_key").ids == []


AROUND = [
    """
    client = OpenAI(max_retries=%d)
    for attempt in range(3):
        try:
            client.responses.create(model=MODEL, input="Say hello")
            break
        except openai.APIError:
            time.sleep(0.2 * 2 ** attempt)
    """,
    """
    client = OpenAI(max_retries=%d)
    tenacity.retry(wait=tenacity.wait_random_exponential(0.1), stop=tenacity.stop_after_attempt(5))(
        lambda: client.responses.create(model=MODEL, input="Say hello")
    )()
    """,
    """
    async def main():
        async with AsyncOpenAI(max_retries=%d) as client:
            @stamina.retry(on=openai.APIError, attempts=5, wait_initial=0.05, wait_jitter=0.05)
            async def ask():
                return await client.responses.create(model=MODEL, input="Say hello")
            await ask()
    asyncio.run(main())
    """,
]


@pytest.mark.parametrize("program", AROUND)
def test_a_loop_around_the_clients_own_retries_is_found_and_a_loop_instead_of_them_is_not(program: str) -> None:
    assert verdict_on(program % 2, "overloaded x4 retry_after_ms=1").ids == ["retries_multiplied"]
    assert verdict_on(program % 0, "overloaded x2 retry_after_ms=1").ids == []


@pytest.mark.parametrize(
    ("wrong", "right", "faults"),
    [
        (
            "OpenAI(timeout=None).responses.create(model=MODEL, input='Hi')",
            "OpenAI(timeout=30).responses.create(model=MODEL, input='Hi')",
            None,
        ),
        (
            "OpenAI(timeout=httpx.Timeout(None, connect=5)).models.list()",
            "OpenAI(timeout=httpx.Timeout(900, connect=5)).models.list()",
            None,
        ),
        (
            "asyncio.run(AsyncOpenAI().models.retrieve(MODEL, timeout=1e6))",
            "asyncio.run(AsyncOpenAI().models.retrieve(MODEL))",
            None,
        ),
        (
            "httpx.post(f'{URL}/responses', json=body(), headers=HEADERS, timeout=None)",
            "httpx.post(f'{URL}/responses', json=body(), headers=HEADERS, timeout=0.1)",
            "timeout",
        ),
        (
            "requests.post(f'{URL}/responses', json=body(), headers=HEADERS)",
            "requests.post(f'{URL}/responses', json=body(), headers=HEADERS, timeout=0.1)",
            "timeout",
        ),
    ],
)
def test_waiting_without_a_limit_is_found_and_waiting_with_one_is_not(
    wrong: str, right: str, faults: str | None
) -> None:
    assert verdict_on(wrong, faults).ids == ["no_timeout"]
    assert verdict_on(right, faults).ids == []


STREAMED = """
text, end = "", None
for event in OpenAI().responses.create(model=MODEL, input="Write a haiku about coding", stream=True):
    if event.type == "response.output_text.delta":
        text += event.delta
    elif event.type in ("response.completed", "response.incomplete", "response.failed"):
        end = event.type
print(text)
"""
CHATTED = """
text, end = "", None
client = OpenAI()
messages = [{"role": "user", "content": "Write a haiku about coding"}]
try:
    for chunk in client.chat.completions.create(model=MODEL, messages=messages, stream=True):
        text += chunk.choices[0].delta.content or ""
        end = chunk.choices[0].finish_reason or end
except openai.APIError as problem:
    end = problem if %r else "stop"
print(text)
"""
ANSWERS = [
    ("cut_stream_accepted", "end_early", STREAMED, "if not end: raise SystemError"),
    ("cut_stream_accepted", "end_early", STREAMED, "print('[the answer is not complete]' if not end else '')"),
    ("cut_stream_accepted", "cut_stream", CHATTED % False, "print(end)"),
    ("status_ignored", "content_filter", STREAMED, "print(end)"),
    ("status_ignored", "failed_response", STREAMED, "assert end == 'response.completed'"),
    ("status_ignored", "content_filter", CHATTED % True, "if end != 'stop': print('stopped by', end)"),
    (
        "status_ignored",
        "content_filter",
        "r = OpenAI().responses.create(model=MODEL, input='Write a haiku about coding')\nprint(r.output_text)",
        "print('status:', r.status)",
    ),
    (
        "status_ignored",
        None,
        "r = OpenAI().responses.create(model='gpt-4.1', input='Write a haiku about coding', max_output_tokens=16)\n"
        "print(r.output_text)",
        "print(r.status, r.incomplete_details)",
    ),
    (
        "status_ignored",
        "content_filter",
        "with httpx.Client(headers=HEADERS) as client:\n"
        "    r = client.post(f'{URL}/responses', json=body('Write a haiku about coding')).json()\n"
        "print(r['output'][-1]['content'][0]['text'])",
        "if r['status'] != 'completed': raise ValueError(r['status'])",
    ),
]


@pytest.mark.parametrize(("id", "fault", "program", "check"), ANSWERS)
def test_half_an_answer_taken_for_whole_is_found_and_a_remark_about_it_is_not(
    id: str, fault: str | None, program: str, check: str
) -> None:
    assert verdict_on(program, fault).ids == [id]
    right = program.replace("if False else", "if True else")
    assert verdict_on(f"{right}\n{check}", fault).ids == []


@pytest.mark.parametrize("fault", ["end_early", "cut_stream", "content_filter", "failed_response"])
def test_asking_again_after_half_an_answer_is_right(fault: str) -> None:
    program = """
    client = OpenAI()
    for attempt in range(3):
        text = ""
        try:
            for event in client.responses.create(model=MODEL, input="Write a haiku about coding", stream=True):
                if event.type == "response.output_text.delta":
                    text += event.delta
                whole = event.type == "response.completed"
        except openai.APIError:
            continue
        if whole:
            break
    print(text)
    """
    assert verdict_on(program, fault).ids == []


CHAT_STREAM = """
messages = [{"role": "user", "content": "Say hello"}]
client = OpenAI()
def ask(**options):
    return client.chat.completions.create(model=MODEL, messages=messages, stream=True, **options)
ASKED = {"stream_options": {"include_usage": True}}
def leave():
    with ask(**ASKED) as stream:
        for chunk in stream:
            if chunk.choices[0].finish_reason:
                break
def total(*streams):
    return sum(chunk.usage.total_tokens for stream in streams for chunk in stream if chunk.usage)
"""


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("leave()", "total(ask(**ASKED))"),
        ("total(ask(**ASKED), ask())", "total(ask(**ASKED), ask(**ASKED))"),
        ("print('tokens used:', total(ask()))", "print('tokens used:', total(ask(**ASKED)))"),
        ("print(f'{total(ask())} tokens')", "list(ask())"),
        (
            "one = client.responses.create(model=MODEL, input='Hi').usage.total_tokens\n"
            "print('total tokens:', one + total(ask()))",
            "one = client.responses.create(model=MODEL, input='Hi').usage.total_tokens\n"
            "print('total tokens:', one + total(ask(**ASKED)))",
        ),
    ],
)
def test_lost_usage_is_found_and_usage_that_is_read_or_not_wanted_is_not(wrong: str, right: str) -> None:
    assert verdict_on(CHAT_STREAM + wrong).ids == ["usage_lost"]
    assert verdict_on(CHAT_STREAM + right).ids == []


PROMPTS = ["Say hello", "Say goodbye", "Write a haiku about coding", "Hi"]
EACH = [
    (
        "for prompt in PROMPTS:\n    OpenAI().responses.create(model=MODEL, input=prompt)",
        "client = OpenAI()\nfor prompt in PROMPTS:\n    client.responses.create(model=MODEL, input=prompt)",
    ),
    (
        "async def ask(prompt):\n"
        "    async with AsyncOpenAI() as client:\n"
        "        await client.responses.create(model=MODEL, input=prompt)\n"
        "for prompt in PROMPTS: asyncio.run(ask(prompt))",
        "async def main():\n"
        "    async with AsyncOpenAI() as client:\n"
        "        for prompt in PROMPTS: await client.responses.create(model=MODEL, input=prompt)\n"
        "asyncio.run(main())",
    ),
    (
        "for prompt in PROMPTS:\n    httpx.post(f'{URL}/responses', json=body(prompt), headers=HEADERS)",
        "with httpx.Client(headers=HEADERS) as client:\n"
        "    for prompt in PROMPTS: client.post(f'{URL}/responses', json=body(prompt))",
    ),
    (
        "for prompt in PROMPTS:\n    requests.post(f'{URL}/responses', json=body(prompt), headers=HEADERS, timeout=5)",
        "HEADERS['connection'] = 'close'\nfor prompt in PROMPTS:\n"
        "    requests.post(f'{URL}/responses', json=body(prompt), headers=HEADERS, timeout=5)",
    ),
    (
        "for prompt in PROMPTS:\n    OpenAI().responses.create(model=MODEL, input=prompt)",
        "async def main():\n"
        "    async with AsyncOpenAI() as client:\n"
        "        await asyncio.gather(*(client.responses.create(model=MODEL, input=prompt) for prompt in PROMPTS))\n"
        "asyncio.run(main())",
    ),
]


@pytest.mark.parametrize(("wrong", "right"), EACH)
def test_a_client_for_each_call_is_found_and_one_for_all_is_not(wrong: str, right: str) -> None:
    assert verdict_on(f"PROMPTS = {PROMPTS}\n{wrong}").ids == ["client_per_call"]
    assert verdict_on(f"PROMPTS = {PROMPTS}\n{right}").ids == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (
            "httpx.post(f'{URL}/responses?api_key={KEY}', json=body(), headers=HEADERS)",
            "httpx.post(f'{URL}/responses?trace=1', json=body(), headers=HEADERS)",
        ),
        (
            "OpenAI().responses.create(model=MODEL, input='Hi', metadata={'key': KEY})",
            "OpenAI().responses.create(model=MODEL, input='Hi', metadata={'key': 'value'})",
        ),
        (
            "OpenAI(default_headers={'x-openai-key': KEY}).models.list()",
            "OpenAI(default_headers={'x-other-key': 'value'}).models.list()",
        ),
        (
            "OpenAI(api_key='sk-proj-abcdefghijklmnopqrstuvwxyz').models.list()",
            "OpenAI(api_key='sk-test').models.list()",
        ),
    ],
)
def test_a_key_where_none_belongs_is_found_and_one_in_its_place_is_not(wrong: str, right: str) -> None:
    verdict = verdict_on(wrong)
    assert verdict.ids == ["key_elsewhere"]
    assert "abcdefghijklmnopqrstuvwxyz" not in str(verdict)
    assert verdict_on(right).ids == []


@pytest.mark.parametrize(
    ("waits", "alike"),
    [
        ([0.2, 0.2, 0.2], True),
        ([0.31, 0.2047, 0.2052], True),
        ([0.2, 0.55, 0.2, 0.201], True),
        ([0.2, 0.2, 0.4], False),
        ([0.2, 0.4, 0.8], False),
        ([0.31, 0.2, 0.26], False),
        ([0.2, 0.201], True),
        ([0.2, 0.21], False),
    ],
)
def test_one_wait_that_is_noticed_late_does_not_hide_that_the_others_are_the_same(
    waits: list[float], alike: bool
) -> None:
    assert _are_alike(waits) == alike
