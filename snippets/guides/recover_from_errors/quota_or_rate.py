"""Tell a rate limit from an exhausted budget, and retry only the rate limit."""

# sandbox: rate_limit retry_after_ms=20
# sandbox: ok
# sandbox: insufficient_quota

import httpx2
import openai
from dotenv import load_dotenv

load_dotenv()
SPENT = {
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "project_spend_limit_exceeded",
}


def needs_money(error: openai.APIError) -> bool:
    """Return whether you are out of credit or at a spend or usage limit."""
    return error.code in SPENT or error.type in SPENT


def stop_when_spent(response: httpx2.Response) -> None:
    """Stop retries when the budget is spent: a hook for the HTTP client."""
    if response.status_code == 429:
        body = response.read()
        if any(f'"{code}"'.encode() in body for code in SPENT):
            response.headers["x-should-retry"] = "false"


if __name__ == "__main__":
    hooks = {"response": [stop_when_spent]}
    http_client = openai.DefaultHttpxClient(event_hooks=hooks)
    client = openai.OpenAI(http_client=http_client)
    for _ in range(2):
        try:
            raw = client.models.with_raw_response.list()
            print(f"listed after {raw.retries_taken} retry")
            #> listed after 1 retry
        except openai.RateLimitError as error:
            print("pay" if needs_money(error) else "send less", error.code)
            #> pay insufficient_quota
