"""Offer a function on Chat Completions, with reasoning turned off."""

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.chat import ChatCompletionFunctionToolParam

load_dotenv()
client = OpenAI()

weather: ChatCompletionFunctionToolParam = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
        },
    },
}
completion = client.chat.completions.create(
    model="gpt-5.6-luna",
    messages=[{"role": "user", "content": "What is the weather in Paris?"}],
    tools=[weather],
    reasoning_effort="none",
)
for call in completion.choices[0].message.tool_calls or []:
    if call.type == "function":
        print("to call:", call.function.name, call.function.arguments)
        #> to call: get_weather {"city":"Paris"}
