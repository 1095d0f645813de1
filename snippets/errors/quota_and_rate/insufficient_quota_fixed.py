"""Distinguish a lack of credit from a rate limit, and report who has to act."""
# sandbox: credit_exhausted x3 retry_after_ms=1

from dotenv import load_dotenv
from openai import OpenAI, RateLimitError

load_dotenv()
client = OpenAI()
SPENT = {
    "billing_not_active",
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "project_spend_limit_exceeded",
}

try:
    response = client.responses.create(model="gpt-6-luna", input="Say hello")
    print(response.output_text)
except RateLimitError as problem:
    if problem.type not in SPENT and problem.code not in SPENT:
        raise
    print(f"Credit or a limit is used up ({problem.code}). Do not retry.")
    #> Credit or a limit is used up (credit_balance_exhausted). Do not retry.
