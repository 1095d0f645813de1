"""Check a webhook whose signature is wrong."""

import time

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI(webhook_secret="whsec_c2VjcmV0")

try:
    client.webhooks.unwrap(
        '{"type": "response.completed"}',
        {
            "webhook-id": "wh_1",
            "webhook-timestamp": str(int(time.time())),
            "webhook-signature": "v1,forged",
        },
    )
except openai.InvalidWebhookSignatureError as error:
    print(type(error).__name__, isinstance(error, openai.OpenAIError))
    #> InvalidWebhookSignatureError False
    print(error)
    #> The given webhook signature does not match the expected signature
