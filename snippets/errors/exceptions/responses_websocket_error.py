"""Send a request over a WebSocket connection, and get an error."""

# needs: threads, websockets

import threading

import openai
from openai.lib.responses_websocket import (
    ResponsesWebSocketError,
    ResponsesWebSocketLimits,
    ResponsesWebSocketSession,
)
from websockets.sync.server import ServerConnection, serve


def answer(connection: ServerConnection) -> None:
    """Stand in for the API: answer with an error."""
    for _ in connection:
        connection.send('{"type": "error", "message": "Try again later."}')


with serve(answer, "127.0.0.1", 0) as server:
    threading.Thread(target=server.serve_forever).start()
    host, port = server.socket.getsockname()
    client = openai.OpenAI(websocket_base_url=f"ws://{host}:{port}")
    limits = ResponsesWebSocketLimits(8, 100, 100, 10**6, 10**6)
    with (
        client.responses.connect() as connection,
        ResponsesWebSocketSession(connection, limits=limits) as session,
    ):
        lane = session.default
        lane.send({"type": "response.create", "model": "gpt-6-luna"})
        try:
            lane.get_final_response(timeout=9)
        except ResponsesWebSocketError as error:
            print(error.event.to_dict())
            #> {'type': 'error', 'message': 'Try again later.'}
