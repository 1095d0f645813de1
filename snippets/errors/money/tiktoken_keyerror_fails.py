"""Ask tiktoken for the encoding of a model it does not know."""

import tiktoken

encoding = tiktoken.encoding_for_model("gpt-6-luna")
print(len(encoding.encode("Why is the sky blue?")))
