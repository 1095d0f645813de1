"""Tell the errors of a call apart, and handle each one."""

# sandbox: bad_key
# sandbox: rate_limit x3 retry_after_ms=20
# sandbox: insufficient_quota x3 retry_after_ms=20
# sandbox: connection_drop x3
# sandbox: server_error x3 retry_after_ms=20

from typing import Any

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
ADVICE: dict[type[Exception], str] = {
    openai.AuthenticationError: "check the key",
    openai.RateLimitError: "send less at once",
    openai.APIConnectionError: "check the network",
    openai.InternalServerError: "try again later",
    openai.NotFoundError: "check the model's name",
    openai.BadRequestError: "correct the request",
}


def advice(error: openai.APIError) -> str:
    if SPENT & {error.type, error.code}:
        return "add credit or raise the limit"
    found = (said for kind, said in ADVICE.items() if isinstance(error, kind))
    return next(found, "read the message")


if __name__ == "__main__":
    hello: Any = [{"role": "user", "content": "Say hello"}]
    for model in ["gpt-6-luna"] * 5 + ["gpt-6-moon"]:
        try:
            openai.OpenAI().chat.completions.create(model=model, messages=hello)
        except openai.APIError as error:
            print(f"{type(error).__name__}: {advice(error)}")
