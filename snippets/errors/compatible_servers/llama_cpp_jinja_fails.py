"""Offer tools to a llama-server that was started without --jinja."""
# sandbox: as=llama-cpp

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.chat import ChatCompletionFunctionToolParam

load_dotenv()
client = OpenAI(max_retries=0)
MODEL = "local"

clock: ChatCompletionFunctionToolParam = {
    "type": "function",
    "function": {"name": "get_time", "description": "Tell the time."},
}
completion = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "Say hello"}],
    tools=[clock],
)
print(completion.choices[0].message.tool_calls)
