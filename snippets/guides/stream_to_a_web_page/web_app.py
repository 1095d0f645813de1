"""Show an answer on a web page as it is generated."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Final

import openai
from fastapi import Body, Depends, FastAPI, HTTPException, Request
from fastapi.responses import FileResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from openai.types.responses import ResponseStreamEvent

BUSY = openai.RateLimitError, openai.APIConnectionError, openai.InternalServerError
Question = Annotated[str, Body(embed=True, max_length=2000)]
TEXT: Final = "response.output_text.delta", "response.refusal.delta"
Events = AsyncIterator[ServerSentEvent]
Stream = openai.AsyncStream[ResponseStreamEvent]


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, openai.AsyncOpenAI]]:
    async with openai.AsyncOpenAI(timeout=30, max_retries=1) as client:
        yield {"client": client}


app = FastAPI(lifespan=lifespan)


async def ask(request: Request, question: Question) -> AsyncIterator[Stream]:
    try:
        stream = await request.state.client.responses.create(
            model="gpt-6-luna", input=question, max_output_tokens=2000, stream=True
        )
    except BUSY as error:
        raise HTTPException(503, headers={"Retry-After": "30"}) from error
    async with stream:
        yield stream


@app.post("/answers", response_class=EventSourceResponse)
async def answer(stream: Annotated[Stream, Depends(ask)]) -> Events:
    ending = ServerSentEvent(event="failed", data="The answer broke off.")
    try:
        async for event in stream:
            if event.type in TEXT:
                yield ServerSentEvent(data={"text": event.delta})
            elif event.type == "response.completed":
                ending = ServerSentEvent(event="end", data="complete")
    except openai.APIError:
        logging.exception("The answer broke off")
    yield ending


@app.get("/")
async def page() -> FileResponse:
    return FileResponse(Path(__file__).with_name("page.html"))


if __name__ == "__main__":
    from fastapi.testclient import TestClient

    with TestClient(app) as browser:
        reply = browser.post("/answers", json={"question": "Say hello"})
        print(reply.status_code, reply.headers["content-type"])
        print(reply.text.strip())
