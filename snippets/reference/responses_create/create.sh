curl "${OPENAI_BASE_URL:-https://api.openai.com/v1}/responses" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $OPENAI_API_KEY" \
  -d '{
    "model": "gpt-6-luna",
    "instructions": "You are a helpful assistant.",
    "input": "Explain quantum entanglement in one sentence.",
    "max_output_tokens": 1000
  }'
