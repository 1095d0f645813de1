"""Give a function a name of letters, digits, _ and -."""

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.chat import ChatCompletionFunctionToolParam

load_dotenv()
client = OpenAI()

weather: ChatCompletionFunctionToolParam = {
    "type": "function",
    "function": {
        "name": "weather_get",
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
for call in completion.choices[0].message.tool_calls or []:
    if call.type == "function":
        print("to call:", call.function.name, call.function.arguments)
        #> to call: weather_get {"city":"Paris"}
