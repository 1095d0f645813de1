"""Import what openai-agents 0.2.8 imports, next to an SDK that dropped it."""
# needs: openai==1.100.0

from openai.types.responses import ResponseTextConfigParam

print(ResponseTextConfigParam.__name__)
