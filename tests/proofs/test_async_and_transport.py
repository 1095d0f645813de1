"""Event loops, concurrency, connections and encodings, as the SDK and Python treat them."""

import asyncio
import gc
import multiprocessing
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from importlib.metadata import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import openai
import pytest
from dotenv import dotenv_values, load_dotenv
from openai import AsyncOpenAI, DefaultAsyncHttpx2Client, DefaultHttpx2Client, OpenAI

from openai_sandbox import Sandbox

from ..good_requests import RESPONSE
from ..made_up_server import always, client_of
from ..waiting import until

# A client whose loop is closed cannot close its connection any more.
leaves_a_connection = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture
def pass_seconds(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let time pass for idle connections."""
    passed = 0.0
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + passed)
    for module in ("httpcore2._sync.http11", "httpcore2._async.http11"):
        monkeypatch.setattr(f"{module}.time", clock)

    def pass_seconds(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    return pass_seconds


def failure_in_a_second_loop(between: Callable[[], object]) -> tuple[type[Exception], str] | None:
    client = AsyncOpenAI()

    async def ask() -> None:
        await client.responses.create(**RESPONSE)

    asyncio.run(ask())
    between()
    try:
        asyncio.run(ask())
    except Exception as problem:
        return type(problem), str(problem)
    return None


@leaves_a_connection
@pytest.mark.proves("connection-of-closed-loop")
@pytest.mark.parametrize(("idle", "requests"), [(0, 2), (4, 2), (6, 1)])
def test_a_second_loop_fails_and_has_sent_its_request_if_the_connection_was_idle_for_less_than_five_seconds(
    api: Sandbox, pass_seconds: Callable[[float], None], idle: float, requests: int
) -> None:
    failure = failure_in_a_second_loop(lambda: pass_seconds(idle))
    gc.collect()
    assert failure == (RuntimeError, "Event loop is closed")
    assert not issubclass(RuntimeError, openai.OpenAIError)
    until(lambda: len(api.requests) >= requests)  # the client does not wait for the answer
    assert [exchange.status for exchange in api.requests] == [200] * requests


@leaves_a_connection
@pytest.mark.proves("connection-of-closed-loop")
def test_a_second_loop_fails_and_has_sent_nothing_if_the_server_has_closed_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bytes] = []
    closed = threading.Event()

    def serve(listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                asked.append(connection.recv(65_536))
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}")
                time.sleep(0.1)  # or the client, which has the answer at the same time, does not keep the connection
            closed.set()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, args=(listening,), daemon=True).start()
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{listening.getsockname()[1]}/v1")
        failure = failure_in_a_second_loop(closed.wait)
        gc.collect()
    assert failure == (RuntimeError, "Event loop is closed")
    assert len(asked) == 1


@pytest.mark.proves("async-with-closes")
def test_a_client_that_was_closed_leaves_nothing_for_the_next_loop(api: Sandbox) -> None:
    async def ask() -> None:
        async with AsyncOpenAI() as client:
            await client.responses.create(**RESPONSE)
            transport: Any = client._client._transport
            (connection,) = transport._pool.connections
            assert not connection.is_closed()
        assert client.is_closed()
        assert connection.is_closed()
        assert not transport._pool.connections

    for _ in range(2):
        asyncio.run(ask())


@pytest.mark.anyio
@pytest.mark.proves("await-blocking-call")
async def test_awaiting_a_blocking_call_fails_after_the_answer_came(api: Sandbox) -> None:
    with OpenAI() as client, pytest.raises(TypeError, match="'await'"):
        await client.responses.create(**RESPONSE)
    assert [exchange.status for exchange in api.requests] == [200]


@pytest.mark.anyio
@pytest.mark.proves("coroutine-sends-nothing")
async def test_a_call_without_await_sends_nothing(api: Sandbox) -> None:
    async with AsyncOpenAI() as client:
        call: Any = client.responses.create(**RESPONSE)
        with pytest.raises(AttributeError, match="'coroutine' object has no attribute 'output_text'"):
            _ = call.output_text
        call.close()
    assert not api.requests


@pytest.mark.anyio
@pytest.mark.proves("blocking-call-stops-the-loop")
async def test_a_blocking_call_stops_all_other_tasks(sandbox: Callable[..., Sandbox]) -> None:
    async def longest_pause() -> float:
        longest = 0.0
        while not done.is_set():
            before = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - before)
        return longest

    pauses = []
    with sandbox(latency=0.4), OpenAI() as blocking:
        async with AsyncOpenAI() as client:
            for blocks in (False, True):
                done = asyncio.Event()
                heartbeat = asyncio.create_task(longest_pause())
                await asyncio.sleep(0)
                _ = blocking.models.list() if blocks else await client.models.list()
                done.set()
                pauses.append(await heartbeat)
    assert pauses[0] < 0.3
    assert pauses[1] >= 0.4


@pytest.mark.anyio
@pytest.mark.proves("blocking-call-stops-the-loop")
async def test_no_other_task_takes_a_step_before_a_blocking_call_is_answered(api: Sandbox) -> None:
    steps = 0

    async def step() -> None:
        nonlocal steps
        while True:
            steps += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(step())
    await asyncio.sleep(0)
    before = steps
    with OpenAI() as client:
        client.models.list()
    assert steps == before
    task.cancel()


@pytest.mark.anyio
@pytest.mark.proves("gather-others-go-on")
async def test_calls_go_on_after_gather_has_raised(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("http_error status=400; ok latency=0.2; ok latency=0.2") as api:
        async with AsyncOpenAI() as client:
            calls = [asyncio.create_task(client.responses.create(**RESPONSE)) for _ in range(3)]
            with pytest.raises(openai.BadRequestError):
                await asyncio.gather(*calls)
            unfinished = [call for call in calls if not call.done()]
            assert len(unfinished) == 2
            assert all([(await call).output_text for call in unfinished])
        assert sorted(exchange.status for exchange in api.requests) == [200, 200, 400]


@pytest.mark.anyio
@pytest.mark.proves("task-group-cancels")
async def test_a_task_group_cancels_the_other_calls(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("http_error status=400; ok latency=5; ok latency=5"):
        async with AsyncOpenAI() as client:
            started = time.monotonic()
            with pytest.raises(ExceptionGroup) as caught:
                async with asyncio.TaskGroup() as group:
                    calls = [group.create_task(client.responses.create(**RESPONSE)) for _ in range(3)]
            assert time.monotonic() - started < 4  # not as long as an answer takes
    assert [type(each) for each in caught.value.exceptions] == [openai.BadRequestError]
    assert sum(call.cancelled() for call in calls) == 2


@pytest.mark.anyio
@pytest.mark.proves("connections-at-most")
async def test_a_client_has_a_thousand_connections_and_waiting_for_one_can_time_out(
    sandbox: Callable[..., Sandbox],
) -> None:
    clients: list[Any] = [AsyncOpenAI(), OpenAI()]
    assert [client._client._transport._pool._max_connections for client in clients] == [1000, 1000]
    http = DefaultAsyncHttpx2Client(limits=httpx2.Limits(max_connections=1))
    with sandbox(latency=0.5):
        async with AsyncOpenAI(http_client=http, timeout=httpx2.Timeout(5, pool=0.1), max_retries=0) as client:
            calls = [client.responses.create(**RESPONSE) for _ in range(2)]
            outcomes = await asyncio.gather(*calls, return_exceptions=True)
    (late,) = (outcome for outcome in outcomes if isinstance(outcome, Exception))
    assert isinstance(late, openai.APITimeoutError)
    assert isinstance(late.__cause__, httpx2.PoolTimeout)


@pytest.mark.anyio
@pytest.mark.proves("connections-at-most")
@pytest.mark.parametrize(("held", "retries", "is_late"), [(0.3, 4, False), (5, 1, True)])
async def test_a_call_that_waited_too_long_for_a_connection_is_tried_again(
    sandbox: Callable[..., Sandbox], held: float, retries: int, is_late: bool
) -> None:
    tries: list[httpx2.Request] = []

    async def note(request: httpx2.Request) -> None:
        tries.append(request)

    http = DefaultAsyncHttpx2Client(limits=httpx2.Limits(max_connections=1), event_hooks={"request": [note]})
    transport: Any = http._transport
    with sandbox(f"ok latency={held}"):
        async with AsyncOpenAI(http_client=http, timeout=httpx2.Timeout(9, pool=0.1), max_retries=retries) as client:
            holding = asyncio.create_task(client.responses.create(**RESPONSE))
            while not transport._pool.connections:
                await asyncio.sleep(0.01)
            (late,) = await asyncio.gather(client.responses.create(**RESPONSE), return_exceptions=True)
            assert len(tries) == 3 if is_late else len(tries) >= 3
            assert isinstance(late, openai.APITimeoutError) is is_late
            holding.cancel()


@pytest.mark.anyio
@pytest.mark.proves("asyncio-timeout-ends-call")
async def test_a_deadline_includes_tries_and_pauses(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("timeout x5") as api:
        async with AsyncOpenAI(timeout=0.1, max_retries=4) as client:
            started = time.monotonic()
            with pytest.raises(TimeoutError) as caught:
                async with asyncio.timeout(0.8):
                    await client.models.list()
            took = time.monotonic() - started
        assert not isinstance(caught.value, openai.OpenAIError)
        assert len(api.requests) >= 2
    assert 0.8 <= took < 1.6


@pytest.mark.anyio
@pytest.mark.proves("asyncio-timeout-ends-call")
async def test_a_deadline_ends_a_try_that_is_under_way(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("timeout"):
        async with AsyncOpenAI(timeout=5) as client:
            started = time.monotonic()
            with pytest.raises(TimeoutError) as caught:
                async with asyncio.timeout(0.3):
                    await client.models.list()
    assert not isinstance(caught.value, openai.OpenAIError)
    assert 0.3 <= time.monotonic() - started < 2


@pytest.mark.proves("timeout-none")
def test_none_switches_all_timeouts_off() -> None:
    client, sent = client_of(always(json={"object": "list", "data": []}), timeout=None)
    with client:
        client.models.list()
    assert [request.extensions["timeout"] for request in sent] == [dict.fromkeys(("connect", "read", "write", "pool"))]


def port_of(client: OpenAI) -> int:
    """Return the port of this machine that a call comes from: another one for every connection."""
    reply = client.models.with_raw_response.list()
    port: int = reply.http_response.extensions["network_stream"].get_extra_info("client_addr")[1]
    return port


@pytest.mark.proves("client-keeps-connection")
def test_a_client_uses_its_connection_again(api: Sandbox) -> None:
    with OpenAI() as client:
        assert len({port_of(client) for _ in range(5)}) == 1
        with OpenAI() as another:
            assert port_of(another) != port_of(client)


@pytest.mark.proves("client-keeps-connection")
def test_a_connection_that_was_idle_for_five_seconds_is_closed_at_the_next_call(
    api: Sandbox, pass_seconds: Callable[[float], None]
) -> None:
    def last_socket() -> socket.socket:
        reply = client.models.with_raw_response.list()
        found: socket.socket = reply.http_response.extensions["network_stream"].get_extra_info("socket")
        return found

    with OpenAI() as client:
        first = last_socket()
        pass_seconds(4)
        assert last_socket() is first
        pass_seconds(6)
        assert first.fileno() != -1, "nothing closes it before the next call"
        second = last_socket()
        assert second is not first
        assert first.fileno() == -1
        assert second.fileno() != -1
    assert second.fileno() == -1


@pytest.mark.anyio
@pytest.mark.proves("client-keeps-connection")
async def test_a_client_keeps_a_hundred_idle_connections(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox(latency=0.5):
        async with AsyncOpenAI() as client:
            await asyncio.gather(*(client.models.list() for _ in range(102)))
            transport: Any = client._client._transport
            assert len(transport._pool.connections) == 100


@pytest.mark.proves("client-closed-late")
def test_a_dropped_client_stays_open_until_the_garbage_is_collected(api: Sandbox) -> None:
    gc.collect()
    gc.disable()
    try:
        client = OpenAI()
        client.models.list()
        http = weakref.ref(client._client)
        transport: Any = client._client._transport
        del client
        dropped = http()
        assert dropped is not None
        assert not dropped.is_closed
        assert len(transport._pool.connections) == 1
        del dropped
        gc.collect()
        assert http() is None
        assert not transport._pool.connections
    finally:
        gc.enable()


@pytest.mark.proves("readme-close-async")
def test_the_readme_says_to_close_async_clients() -> None:
    readme = " ".join(str(metadata("openai").json["description"]).split())
    assert "use `async with` or `await client.close()` before shutting down the event loop" in readme
    assert "Garbage collection cannot reliably await asynchronous cleanup." in readme


@pytest.mark.proves("clients-not-picklable")
@pytest.mark.parametrize("kind", [OpenAI, AsyncOpenAI])
def test_a_client_cannot_be_pickled_but_copied(kind: type[OpenAI | AsyncOpenAI]) -> None:
    client = kind()
    with pytest.raises(TypeError, match=r"cannot pickle '_thread\.RLock' object"):
        pickle.dumps(client)
    assert client.copy()._client is client._client


@pytest.mark.proves("clients-not-picklable")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # that a process with threads is forked
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_a_client_is_passed_to_a_process_only_if_that_is_forked(method: str) -> None:
    context: Any = multiprocessing.get_context(method)
    with OpenAI() as client:
        process = context.Process(target=id, args=(client,))
        if method == "fork":
            process.start()
            process.join()
            assert process.exitcode == 0
        else:
            with pytest.raises(TypeError, match=r"cannot pickle '_thread\.RLock' object"):
                process.start()
        with (
            ProcessPoolExecutor(1, mp_context=context) as pool,
            pytest.raises(TypeError, match=r"cannot pickle '_thread\.RLock' object"),
        ):
            pool.submit(id, client).result()


@pytest.mark.proves("clients-not-picklable")
@pytest.mark.anyio
async def test_closing_a_copy_closes_the_original() -> None:
    client = OpenAI()
    client.with_options(http_client=httpx2.Client()).close()
    assert not client.is_closed()
    client.with_options(timeout=7).close()
    assert client.is_closed()
    waiting = AsyncOpenAI()
    await waiting.with_options(timeout=7).close()
    assert waiting.is_closed()


@pytest.mark.proves("client-stays-closed")
def test_a_closed_client_stays_closed_and_so_does_the_http_client_passed_to_it(api: Sandbox) -> None:
    http = DefaultHttpx2Client()
    client = OpenAI(http_client=http)
    client.models.list()
    client.close()
    assert http.is_closed
    for call in (client.models.list, lambda: client.responses.create(**RESPONSE)):
        with pytest.raises(RuntimeError, match="Cannot send a request, as the client has been closed"):
            call()
    with pytest.raises(RuntimeError, match="Cannot send a request"), client:
        client.models.list()
    assert len(api.requests) == 1


@pytest.mark.anyio
@pytest.mark.proves("client-stays-closed")
async def test_a_closed_async_client_stays_closed_and_so_does_the_http_client_passed_to_it(api: Sandbox) -> None:
    http = DefaultAsyncHttpx2Client()
    client = AsyncOpenAI(http_client=http)
    await client.models.list()
    await client.close()
    assert http.is_closed
    with pytest.raises(RuntimeError, match="Cannot send a request, as the client has been closed"):
        await client.responses.create(**RESPONSE)
    with pytest.raises(RuntimeError, match="Cannot send a request"):
        async with client:
            await client.models.list()
    assert len(api.requests) == 1


@pytest.mark.proves("threads-share-a-client")
def test_threads_share_a_client(api: Sandbox) -> None:
    with OpenAI() as client, ThreadPoolExecutor(16) as pool:
        questions = [f"What is the capital of {name}?" for name in ("France", "Japan", "Kenya")] * 20
        answers = list(pool.map(lambda question: client.responses.create(**RESPONSE | {"input": question}), questions))
    cities = [next(city for city in ("Paris", "Tokyo", "Nairobi") if city in answer.output_text) for answer in answers]
    assert cities == ["Paris", "Tokyo", "Nairobi"] * 20


@pytest.mark.proves("threads-share-a-client")
def test_calls_of_threads_that_share_a_client_overlap(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox(latency=0.4), OpenAI() as client, ThreadPoolExecutor(8) as pool:
        started = time.monotonic()
        list(pool.map(lambda _: client.models.list(), range(8)))
        assert 0.4 <= time.monotonic() - started < 8 * 0.4 / 1.5


@pytest.mark.proves("utf8-mode")
def test_the_variable_makes_python_read_and_write_utf_8_where_the_locale_does_not() -> None:
    def encodings(**variables: str) -> list[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        source = "import sys; print(sys.stdout.encoding, open(sys.executable).encoding)"
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", source],
            env=inherited | {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"} | variables,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.lower().split()

    assert "utf-8" not in encodings(PYTHONUTF8="0")
    assert encodings(PYTHONUTF8="1") == ["utf-8", "utf-8"]
    assert encodings(PYTHONUTF8="1", PYTHONIOENCODING="cp1252") == ["cp1252", "utf-8"]


@pytest.mark.proves("dotenv-utf16")
@pytest.mark.parametrize(
    ("encoding", "comment", "raised", "message"),
    [
        ("utf-16", "", UnicodeDecodeError, "invalid start byte"),
        ("utf-16-le", "", ValueError, "embedded null"),
        ("utf-16-be", "", ValueError, "embedded null"),
        ("utf-16-le", "# key\n", ValueError, "embedded null"),
        ("utf-16-be", "# key\n", ValueError, "embedded null"),
    ],
)
def test_a_file_in_utf_16_is_not_read(
    tmp_path: Path, encoding: str, comment: str, raised: type[ValueError], message: str
) -> None:
    file = tmp_path / ".env"
    file.write_text(f"{comment}OPENAI_API_KEY=sk-x\n", encoding)
    with pytest.raises(ValueError, match=message) as caught:
        load_dotenv(file)
    assert type(caught.value) is raised


@pytest.mark.proves("dotenv-utf16")
def test_a_file_in_utf_16_is_read_if_its_encoding_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "undone after the test")
    monkeypatch.delenv("OPENAI_API_KEY")
    file = tmp_path / ".env"
    file.write_text("OPENAI_API_KEY=sk-x\n", "utf-16")
    assert dotenv_values(file, encoding="utf-16") == {"OPENAI_API_KEY": "sk-x"}
    load_dotenv(file, encoding="utf-16")
    assert os.environ["OPENAI_API_KEY"] == "sk-x"


@pytest.mark.proves("gather-others-go-on")
def test_an_exception_that_ends_the_loop_cancels_the_other_calls(sandbox: Callable[..., Sandbox]) -> None:
    ended: list[str] = []

    async def ask(client: AsyncOpenAI) -> None:
        try:
            await client.responses.create(model="gpt-6-luna", input="Say hello")
        except asyncio.CancelledError:
            ended.append("canceled")
            raise

    async def main() -> None:
        client = AsyncOpenAI(max_retries=0)
        await asyncio.gather(fail(), ask(client), ask(client))

    async def fail() -> None:
        await asyncio.sleep(0.1)
        raise RuntimeError("no")

    with sandbox(latency=3), pytest.raises(RuntimeError, match="no"):
        asyncio.run(main())
    assert ended == ["canceled", "canceled"]
