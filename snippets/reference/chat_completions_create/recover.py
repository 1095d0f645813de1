"""Tell the errors of a call apart, and do what each needs."""

# sandbox: bad_key
# sandbox: rate_limit x3 retry_after_ms=50
# sandbox: insufficient_quota x3 retry_after_ms=50
# sandbox: connection_drop x3

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI()


def ask(model: str) -> str | None:
    try:
        completion = client.chat.completions.create(
            model=model,
            messages=[{"role": "user", "content": "Say hello"}],
        )
    except openai.AuthenticationError:
        return "check the key"
    except openai.RateLimitError as error:
        return "pay" if error.code == "insufficient_quota" else "slow down"
    except openai.APIConnectionError:
        return "check the network"
    except (openai.BadRequestError, openai.NotFoundError) as error:
        return f"correct the request: {error.code}"
    return completion.choices[0].message.content


if __name__ == "__main__":
    for model in ["gpt-6-luna"] * 5 + ["gpt-6-moon"]:
        print(ask(model))
