curl "${OPENAI_BASE_URL:-https://api.openai.com/v1}/chat/completions" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $OPENAI_API_KEY" \
  -d '{
    "model": "gpt-6-luna",
    "messages": [
      {"role": "developer", "content": "You are a helpful assistant."},
      {"role": "user", "content": "Explain quantum entanglement in one sentence."}
    ],
    "max_completion_tokens": 1000
  }'
