openai-sandbox run --replay answers.json ask.py
