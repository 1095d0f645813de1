"""Import what openai-agents 0.2.8 imports, next to an SDK that has it."""
# needs: openai==1.99.9

from openai.types.responses import ResponseTextConfigParam

print(ResponseTextConfigParam.__name__)
#> ResponseTextConfigParam
