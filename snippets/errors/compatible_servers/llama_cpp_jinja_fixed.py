"""Answer without tools if the server cannot use them."""
# sandbox: as=llama-cpp

from dotenv import load_dotenv
from openai import InternalServerError, OpenAI
from openai.types.chat import ChatCompletionFunctionToolParam

load_dotenv()
client = OpenAI(max_retries=0)
MODEL = "local"

clock: ChatCompletionFunctionToolParam = {
    "type": "function",
    "function": {"name": "get_time", "description": "Tell the time."},
}
try:
    completion = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": "Say hello"}],
        tools=[clock],
    )
except InternalServerError as problem:
    if "--jinja" not in problem.message:
        raise
    print("Restart llama-server with --jinja to use tools.")
    #> Restart llama-server with --jinja to use tools.
    completion = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": "Say hello"}],
    )
print(completion.choices[0].message.content)
#> Hello! How can I help you today?
