curl "${OPENAI_BASE_URL:-https://api.openai.com/v1}/chat/completions" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $OPENAI_API_KEY" \
  -d '{
    "model": "gpt-6-luna",
    "messages": [
      {"role": "user", "content": "I need a room. city: Oslo, nights: 3"}
    ],
    "response_format": {
      "type": "json_schema",
      "json_schema": {
        "name": "booking",
        "strict": true,
        "schema": {
          "type": "object",
          "properties": {"city": {"type": "string"}, "nights": {"type": "integer"}},
          "required": ["city", "nights"],
          "additionalProperties": false
        }
      }
    }
  }'
