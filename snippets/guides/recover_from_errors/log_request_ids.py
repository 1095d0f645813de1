"""Log the request ID of every call, failed calls included, and hide secrets."""

# sandbox: rate_limit retry_after_ms=20
# sandbox: ok
# sandbox: bad_key

import logging
import re
import sys

import openai
from dotenv import load_dotenv

load_dotenv()
log = logging.getLogger("calls")
SECRET = re.compile(
    r"""(?ix) ( \b(?:bearer|basic)\s+                       # in a header
              | (?:key|token|secret|password)["']?\s*[:=]\s*["']?
              | :// (?=[^\s/@]+@)                           # user:password in a URL
              | \b(?:sk|ek|whsec)[-_] ) [^\s"'@&,;}\\]+"""
)


class Scrubber(logging.Formatter):
    """Hides secrets in everything that is logged, including tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the formatted record without anything that looks like a secret."""
        return SECRET.sub(r"\1[hidden]", super().format(record))


def ask(client: openai.OpenAI, question: str) -> str:
    """Return the answer. Log the request's ID, even if the call fails."""
    create = client.responses.with_raw_response.create
    try:
        raw = create(model="gpt-6-luna", input=question)
    except openai.APIError as error:
        id, why = getattr(error, "request_id", "no id"), error.__cause__ or error
        log.error("%s %s: %s", id, type(error).__name__, why)
        raise
    log.info("%s answered, retries: %d", raw.request_id, raw.retries_taken)
    return raw.parse().output_text


if __name__ == "__main__":
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(Scrubber("%(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    client = openai.OpenAI()
    print(ask(client, "Say hello"))
    try:
        ask(client, "Say hello")
    except openai.AuthenticationError:
        print("failed: see the log")
