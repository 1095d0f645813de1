"""Ten small programs with one fault each, and five sound ones, in various styles: each is judged by one verdict."""

import pytest

from .client_programs import found_in, verdict_on

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

FAULTY = {
    "an impatient poller": (
        "retry_after_ignored",
        "rate_limit x2 retry_after_ms=150",
        """
        session = requests.Session()
        session.headers.update(HEADERS)
        while True:
            answer = session.post(URL + "/responses", json=body("Say hello"), timeout=20)
            if answer.status_code != 429:
                break
            time.sleep(0.02)
        print(answer.json()["status"])
        """,
    ),
    "one try after another": (
        "no_backoff",
        "overloaded x4",
        """
        def answer(question):
            client = OpenAI(max_retries=0)
            while True:
                try:
                    return client.chat.completions.create(
                        model=MODEL, messages=[{"role": "user", "content": question}]
                    ).choices[0].message.content
                except openai.InternalServerError:
                    continue
        print(answer("Say hello"))
        """,
    ),
    "a herd": (
        "no_jitter",
        "rate_limit x4",
        """
        class Summarizer:
            def __init__(self):
                self.client = AsyncOpenAI(max_retries=0)
            async def one(self, text):
                for delay in (0.5, 1, 2, 4):
                    try:
                        return (await self.client.responses.create(model=MODEL, input=text)).status
                    except openai.RateLimitError:
                        await asyncio.sleep(delay)
        async def main():
            summarizer = Summarizer()
            await asyncio.gather(*[summarizer.one(f"Say hello, {name}") for name in ("Ada", "Bob", "Cy", "Di")])
            await summarizer.client.close()
        asyncio.run(main())
        """,
    ),
    "a stubborn one": (
        "retried_in_vain",
        "insufficient_quota x2",
        """
        @tenacity.retry(wait=tenacity.wait_random_exponential(multiplier=0.1), stop=tenacity.stop_after_attempt(4))
        def embed(client, text):
            return client.embeddings.create(model="text-embedding-3-small", input=text)
        embed(OpenAI(max_retries=0), "hello")
        """,
    ),
    "belt and braces": (
        "retries_multiplied",
        "server_error x4 retry_after_ms=1",
        """
        @stamina.retry(on=openai.OpenAIError, attempts=3, wait_initial=0.05, wait_jitter=0.05)
        def answer(question):
            with OpenAI() as client:
                response = client.responses.create(model=MODEL, input=question)
            if response.status != "completed":
                raise RuntimeError(response.status)
            return response.output_text
        print(answer("Say hello"))
        """,
    ),
    "a patient one": (
        "no_timeout",
        None,
        """
        client = OpenAI().with_options(timeout=None)
        print(client.responses.create(model=MODEL, input="Say hello").output_text)
        """,
    ),
    "a writer": (
        "cut_stream_accepted",
        "end_early",
        """
        print("Draft:")
        with httpx.stream("POST", URL + "/chat/completions", headers=HEADERS, json={
            "model": MODEL, "stream": True, "messages": [{"role": "user", "content": "Write a haiku about coding"}],
        }) as reply:
            import json
            for line in reply.iter_lines():
                if line.startswith("data: {"):
                    for choice in json.loads(line[6:])["choices"]:
                        print(choice["delta"].get("content") or "", end="")
        print()
        print("Saved to draft.txt.")
        """,
    ),
    "a reader": (
        "status_ignored",
        "content_filter",
        """
        reply = OpenAI().chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": "Write a haiku about coding"}]
        )
        print("Answer:", reply.choices[0].message.content)
        """,
    ),
    "a bookkeeper": (
        "usage_lost",
        None,
        """
        used = 0
        stream = OpenAI().chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": "Say hello"}], stream=True
        )
        for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content:
                print(chunk.choices[0].delta.content, end="")
            if chunk.usage:
                used += chunk.usage.total_tokens
        print(f"\\nTokens used: {used}")
        """,
    ),
    "a spender": (
        "client_per_call",
        None,
        """
        def ask(question):
            return OpenAI().chat.completions.create(model=MODEL, messages=[{"role": "user", "content": question}])
        for question in ("Say hello", "Say goodbye", "Name a color", "Name a fruit"):
            print(ask(question).choices[0].message.content)
        """,
    ),
    "a tell-tale": (
        "key_elsewhere",
        None,
        """
        print(requests.get(URL + "/models", params={"api_key": KEY}, headers=HEADERS, timeout=10).status_code)
        """,
    ),
}

SOUND = {
    "the SDK alone": (
        "rate_limit retry_after_ms=60; overloaded; server_error retry_after_ms=1",
        """
        with OpenAI(max_retries=4, timeout=30) as client:
            for question in ("Say hello", "Say goodbye", "Write a haiku about coding"):
                response = client.responses.create(model=MODEL, input=question)
                print(response.output_text if response.status == "completed" else f"({response.status})")
        """,
    ),
    "tenacity instead of the SDK's retries": (
        "rate_limit retry_after_ms=100; server_error; connection_drop",
        """
        def pause(state):
            problem = state.outcome.exception()
            said = getattr(getattr(problem, "response", None), "headers", {}).get("retry-after-ms")
            return float(said) / 1000 if said else random.uniform(0.5, 1) * 0.1 * 2 ** state.attempt_number
        def passes(problem):
            passing = (openai.RateLimitError, openai.InternalServerError, openai.APIConnectionError)
            return isinstance(problem, passing) and getattr(problem, "code", None) != "insufficient_quota"
        client = OpenAI(max_retries=0, timeout=30)
        ask = tenacity.retry(
            retry=tenacity.retry_if_exception(passes), wait=pause, stop=tenacity.stop_after_attempt(6)
        )(client.responses.create)
        print(ask(model=MODEL, input="Say hello").status)
        """,
    ),
    "a stream that knows its end": (
        "cut_stream; end_early; content_filter",
        """
        client = OpenAI()
        def read():
            text = ""
            try:
                for event in client.responses.create(model=MODEL, input="Write a haiku about coding", stream=True):
                    if event.type == "response.output_text.delta":
                        text += event.delta
                    elif event.type == "response.completed":
                        return text, event.response.usage.total_tokens
            except openai.APIConnectionError:
                pass
            return None
        answer = read() or read() or read()
        print(answer or "Sorry, only a part of the answer came.")
        """,
    ),
    "many at once": (
        "rate_limit x3 retry_after_ms=50; server_error x2",
        """
        async def ask(client, limit, question):
            async with limit:
                response = await client.responses.create(model=MODEL, input=question)
                return response.output_text if response.status == "completed" else response.status
        async def main():
            limit = asyncio.Semaphore(4)
            async with AsyncOpenAI(max_retries=5) as client:
                print(await asyncio.gather(*(ask(client, limit, f"Say hello, number {n}") for n in range(10))))
        asyncio.run(main())
        """,
    ),
    "plain HTTP done well": (
        "overloaded x2; rate_limit retry_after_ms=80",
        """
        def ask(client, question):
            for attempt in range(5):
                reply = client.post("/responses", json=body(question))
                if reply.status_code == 429 or reply.status_code >= 500:
                    said = reply.headers.get("retry-after-ms")
                    time.sleep(float(said) / 1000 if said else 0.1 * 2 ** attempt + random.random() * 0.1)
                    continue
                reply.raise_for_status()
                answer = reply.json()
                if answer["status"] != "completed":
                    raise RuntimeError(answer["incomplete_details"])
                return answer["output"][-1]["content"][0]["text"], answer["usage"]["total_tokens"]
            raise RuntimeError("gave up")
        with httpx.Client(base_url=URL, headers=HEADERS, timeout=httpx.Timeout(30, connect=5)) as client:
            for question in ("Say hello", "Write a haiku about coding"):
                print(*ask(client, question), "tokens")
        """,
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_the_fault_of_a_program_is_named_and_no_other(name: str) -> None:
    id, faults, program = FAULTY[name]
    assert found_in(program, faults) == [id]


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_found_in_a_sound_program(name: str) -> None:
    faults, program = SOUND[name]
    verdict = verdict_on(program, faults)
    assert not verdict, verdict
