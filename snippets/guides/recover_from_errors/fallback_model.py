"""Ask another model when the first one is unavailable, and only then."""

# sandbox: overloaded x3 retry_after_ms=20

import openai
from dotenv import load_dotenv
from openai import OpenAI
from openai.types.responses import Response

load_dotenv()
MODELS = ("gpt-6-luna", "gpt-5.6-luna")
ANOTHER_MAY_ANSWER = (
    openai.APITimeoutError,
    openai.InternalServerError,
    openai.RateLimitError,
)
SPENT = {
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "project_spend_limit_exceeded",
}


def ask(client: OpenAI, question: str) -> Response:
    """Return the answer from the first model that gives one.

    If every model fails, raise the last one's error. If another model would not
    help, as with a wrong key, raise the error immediately.
    """
    *first, last = MODELS
    for model in first:
        try:
            return client.responses.create(model=model, input=question)
        except ANOTHER_MAY_ANSWER as error:
            if error.code in SPENT or error.type in SPENT:
                raise
    return client.responses.create(model=last, input=question)


if __name__ == "__main__":
    response = ask(OpenAI(), "Say hello")
    print(response.model, "says:", response.output_text)
    #> gpt-5.6-luna says: Hello! What are you working on?
