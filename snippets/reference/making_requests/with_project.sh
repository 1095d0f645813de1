curl "${OPENAI_BASE_URL:-https://api.openai.com/v1}/models/gpt-6-luna" \
  -H "Authorization: Bearer $OPENAI_API_KEY" \
  -H "OpenAI-Organization: $OPENAI_ORG_ID" \
  -H "OpenAI-Project: $OPENAI_PROJECT_ID"
