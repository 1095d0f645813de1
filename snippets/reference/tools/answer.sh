curl "${OPENAI_BASE_URL:-https://api.openai.com/v1}/responses" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $OPENAI_API_KEY" \
  -d '{
    "model": "gpt-6-luna",
    "input": [
      {"role": "user", "content": "What is the weather in Paris?"},
      {
        "type": "function_call",
        "call_id": "call_1",
        "name": "get_weather",
        "arguments": "{\"city\":\"Paris\"}"
      },
      {
        "type": "function_call_output",
        "call_id": "call_1",
        "output": "18 degrees and cloudy"
      }
    ]
  }'
