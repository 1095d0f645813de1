"""The commands of `openai-sandbox`: each takes the parsed options and returns the exit code."""
