"""`openai-sandbox faults`: what can go wrong, and how to request it."""

import argparse

from ..faults import KINDS


def show(options: argparse.Namespace) -> int:
    """Print the faults, what they do, and what the Python SDK raises."""
    width = max(map(len, KINDS))
    for fault in KINDS.values():
        print(f"{fault.name:<{width}}  {fault.does}\n{'':<{width}}  SDK: {fault.raises.replace('`', '')}")
    print(
        "\nIn a program:  # sandbox: rate_limit x2 retry_after_ms=50\n"
        "On the command line:  openai-sandbox run --fault 'ok x3; server_error' FILE\n"
        "Options: xN, after=N, latency=SECONDS, retry_after=SECONDS, retry_after_ms=MS; http_error: status=CODE; "
        "parameter_unsupported: param=NAME\n"
        "For all requests:  # sandbox: latency=0.3   # sandbox: tier=1   # sandbox: tls   # sandbox: as=ollama"
    )
    return 0
