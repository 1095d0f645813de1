"""What was measured on a simulated clock is what the client does in real time."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from openai import OpenAI, OpenAIError
from openai._models import FinalRequestOptions

from docs._tools.tables.retry_timelines import ANSWERS, PAUSES, SILENCES, Case, timelines
from openai_sandbox import Sandbox

# A busy machine is late by less than this, in seconds.
LATE = 0.5


def test_what_was_measured_is_what_happens_in_real_time(sandbox: Callable[..., Sandbox]) -> None:
    sample = [
        Case("429", "200 ms", 2, 5),
        Case("503", "1 s", 2, 1),
        Case("500", "none", 2, 1),
        Case("429", "121 s", 2, 5),
        Case("timeout", "none", 2, 0),
        Case("connection drop", "none", 2, 1),
    ]

    def timed(case: Case, api: Sandbox) -> tuple[int, float, str]:
        with OpenAI(base_url=api.base_url, max_retries=case.max_retries, timeout=case.timeout) as client:
            started = time.monotonic()
            with pytest.raises(OpenAIError) as caught:
                client.responses.create(model="gpt-6-luna", input="Say hello")
            return len(api.requests), time.monotonic() - started, type(caught.value).__name__

    # A process's first call loads what the client needs for any, which can take a second.
    with sandbox() as api, OpenAI(base_url=api.base_url) as client:
        client.responses.create(model="gpt-6-luna", input="Say hello")

    servers = [sandbox(f"{(ANSWERS | SILENCES)[case.answer]} x9 {PAUSES[case.pause]}") for case in sample]
    with ThreadPoolExecutor(len(sample)) as pool:
        for server in servers:
            server.__enter__()
        seen = list(pool.map(timed, sample, servers))
        for server in reversed(servers):
            server.__exit__(None, None, None)
    for case, (requests, seconds, raised) in zip(sample, seen, strict=True):
        expected = timelines()[case]
        assert (requests, raised) == (expected.requests, expected.raises), case
        assert expected.total[0] - 0.01 < seconds < expected.total[1] + LATE, case


def test_the_clients_own_waits_lie_between_those_measured_and_reach_both() -> None:
    options = FinalRequestOptions(method="get", url="/models")
    client = OpenAI(max_retries=5)
    for retry, (least, most) in enumerate(timelines()[Case("500", "none", 2, 5)].waits):
        drawn = [client._calculate_retry_timeout(5 - retry, options) for _ in range(300)]
        assert least <= min(drawn) < least + 0.1 * (most - least)
        assert most - 0.1 * (most - least) < max(drawn) <= most


def test_every_case_adds_up() -> None:
    for case, found in timelines().items():
        for bound in (0, 1):
            total = found.requests * found.took + sum(wait[bound] for wait in found.waits)
            assert total == pytest.approx(found.total[bound], abs=0.01), case
        assert found.requests == len(found.waits) + 1 <= case.max_retries + 1
