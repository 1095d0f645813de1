"""Create one client for all calls, and count the connections."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()


def ask(question: str) -> int:
    reply = client.responses.with_raw_response.create(
        model="gpt-6-luna", input=question
    )
    connection = reply.http_response.extensions["network_stream"]
    port: int = connection.get_extra_info("client_addr")[1]
    return port


ports = {ask("Say hello") for _ in range(5)}
print("connections:", len(ports))
#> connections: 1
