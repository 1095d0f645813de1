"""Open more lanes on a connection than the limit allows."""

# needs: threads, websockets

import threading

import openai
from openai.lib.responses_websocket import (
    ResponsesWebSocketBufferError,
    ResponsesWebSocketLimits,
    ResponsesWebSocketSession,
)
from websockets.sync.server import ServerConnection, serve


def answer(connection: ServerConnection) -> None:
    """Stand in for the API: listen."""
    for _ in connection:
        pass


with serve(answer, "127.0.0.1", 0) as server:
    threading.Thread(target=server.serve_forever).start()
    host, port = server.socket.getsockname()
    client = openai.OpenAI(websocket_base_url=f"ws://{host}:{port}")
    limits = ResponsesWebSocketLimits(1, 100, 100, 10**6, 10**6)
    with (
        client.responses.connect() as connection,
        ResponsesWebSocketSession(connection, limits=limits) as session,
    ):
        try:
            session.lane("another")
        except ResponsesWebSocketBufferError as error:
            print(error)
            #> The session exceeded max_lanes
