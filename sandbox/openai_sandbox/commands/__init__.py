"""What each command of `openai-sandbox` does: it takes the parsed options and returns the exit code."""
