"""Ask the same question at six reasoning efforts, and calculate the cost."""

from dotenv import load_dotenv
from genai_prices import Usage, calc_price
from openai import OpenAI
from openai.types.shared import ReasoningEffort

load_dotenv()
client = OpenAI()

QUESTION = "<message>My parcel is late, and I was charged for express.</message>"
EFFORTS: list[ReasoningEffort] = ["none", "low", "medium", "high", "xhigh", "max"]
for effort in EFFORTS:
    response = client.responses.create(
        model="gpt-6-luna",
        instructions="Answer in one line: billing, shipping or other, and why.",
        input=QUESTION,
        reasoning={"effort": effort},
    )
    if usage := response.usage:
        hidden = usage.output_tokens_details.reasoning_tokens
        shown = usage.output_tokens - hidden
        tokens = Usage(
            input_tokens=usage.input_tokens, output_tokens=usage.output_tokens
        )
        cost = calc_price(tokens, response.model, provider_id="openai").total_price
        print(f"{effort}: {shown} tokens shown, {hidden} hidden, ${cost:f}")
