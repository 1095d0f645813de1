"""Check what the message contains before reading its text."""

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
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "What is the weather in Paris?"}],
    tools=[weather],
    reasoning_effort="none",
)
message = completion.choices[0].message
if message.content:
    print(message.content.strip())
elif message.refusal:
    print("refused:", message.refusal)
for call in message.tool_calls or []:
    if call.type == "function":
        print("to call:", call.function.name, call.function.arguments)
        #> to call: get_weather {"city":"Paris"}
