"""Say which tool to call, which vLLM accepts without flags."""
# sandbox: as=vllm

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.chat import ChatCompletionFunctionToolParam

load_dotenv()
client = OpenAI()
MODEL = "Qwen/Qwen3-8B"

weather: ChatCompletionFunctionToolParam = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}
completion = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "What is the weather in Paris?"}],
    tools=[weather],
    tool_choice={"type": "function", "function": {"name": "get_weather"}},
)
for call in completion.choices[0].message.tool_calls or []:
    if call.type == "function":
        print("to call:", call.function.name, call.function.arguments)
        #> to call: get_weather {"city":"Paris"}
