curl "${OPENAI_BASE_URL:-https://api.openai.com/v1}/chat/completions" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $OPENAI_API_KEY" \
  -d '{
    "model": "gpt-6-luna",
    "messages": [{"role": "user", "content": "Say this is a test!"}]
  }'
