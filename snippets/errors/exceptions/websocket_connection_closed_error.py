"""Lose a connection while a message is waiting to be sent."""

# needs: threads, websockets

import threading

import openai
from openai.types.websocket_reconnection import (
    ReconnectingEvent,
    ReconnectingOverrides,
)
from websockets.sync.server import ServerConnection, serve


def answer(connection: ServerConnection) -> None:
    """Stand in for the API: restart at once."""
    connection.close(code=1012)


with serve(answer, "127.0.0.1", 0) as server:
    threading.Thread(target=server.serve_forever).start()
    host, port = server.socket.getsockname()
    client = openai.OpenAI(websocket_base_url=f"ws://{host}:{port}")

    def give_up(_: ReconnectingEvent) -> ReconnectingOverrides:
        connection.send({"type": "response.create", "model": "gpt-6-luna"})
        return {"abort": True}

    with client.responses.connect(on_reconnecting=give_up) as connection:
        try:
            for event in connection:
                print(event)
        except openai.WebSocketConnectionClosedError as error:
            print(error)
            #> WebSocket connection closed with unsent messages
            print(error.unsent_messages)
            #> ['{"type": "response.create", "model": "gpt-6-luna"}']
