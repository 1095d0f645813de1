curl "$OPENAI_BASE_URL/models/gpt-6-luna" \
  -H "Authorization: Bearer $OPENAI_API_KEY"
