"""Before each call, reserve the most that its tokens can cost, or refuse the call."""

import threading
from decimal import Decimal

import openai
from dotenv import load_dotenv
from genai_prices import Usage, calc_price, extract_usage

load_dotenv()


class BudgetSpentError(Exception):
    """The call might cost more than is left. Nothing was sent."""


class Budget:
    """Holds the dollars that are left to spend. Threads can share it."""

    def __init__(self, dollars: str) -> None:
        self.left, self._lock = Decimal(dollars), threading.Lock()

    def ask(self, client: openai.OpenAI, question: str, cap: int = 500) -> str:
        """Return an answer of at most `cap` tokens, including hidden reasoning."""
        size = len(question.encode()) + 100  # no token is shorter than a byte
        most = Usage(input_tokens=size, cache_write_tokens=size, output_tokens=cap)
        price = calc_price(most, "gpt-6-luna", provider_id="openai").total_price
        with self._lock:
            if price > self.left:
                raise BudgetSpentError(
                    f"${self.left:.6f} left, ${price:.6f} needed"
                )
            self.left -= price
        spent = price  # until the actual price is known
        try:
            response = client.with_options(max_retries=0).responses.create(
                model="gpt-6-luna", input=question, max_output_tokens=cap
            )
            if response.usage:
                used = extract_usage(
                    response.model_dump(),
                    provider_id="openai",
                    api_flavor="responses",
                )
                spent = used.calc_price().total_price
        except openai.APIStatusError as error:
            spent = price if error.status_code >= 500 else Decimal(0)
            raise
        finally:
            with self._lock:
                self.left += price - spent
        return response.output_text


if __name__ == "__main__":
    client, budget = openai.OpenAI(), Budget("0.0004")
    try:
        while True:
            print(budget.ask(client, "Say hello"), f"${budget.left:.6f} left")
    except BudgetSpentError as error:
        print(error)
