curl "${OPENAI_BASE_URL:-https://api.openai.com/v1}/responses" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $OPENAI_API_KEY" \
  -d '{
    "model": "gpt-6-luna",
    "input": "I need a room. city: Oslo, nights: 3",
    "text": {
      "format": {
        "type": "json_schema",
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
