curl "${OPENAI_BASE_URL:-https://api.openai.com/v1}/responses" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $OPENAI_API_KEY" \
  -d '{
    "model": "gpt-6-luna",
    "instructions": "Read this review of a product.",
    "input": "product: desk lamp, mood: good. I like it a lot.",
    "text": {
      "format": {
        "type": "json_schema",
        "name": "Review",
        "strict": true,
        "schema": {
          "type": "object",
          "properties": {
            "product": {"type": "string"},
            "mood": {"type": "string", "enum": ["good", "bad", "mixed"]}
          },
          "required": ["product", "mood"],
          "additionalProperties": false
        }
      }
    }
  }'
