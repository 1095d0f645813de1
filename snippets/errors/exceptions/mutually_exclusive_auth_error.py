"""Give an Azure client two credentials."""

import openai
from openai.lib.azure import MutuallyExclusiveAuthError

try:
    openai.AzureOpenAI(
        azure_endpoint="https://example.openai.azure.com",
        api_version="2024-10-21",
        api_key="a key",
        azure_ad_token="a token",
    )
except MutuallyExclusiveAuthError as error:
    print(type(error).__name__)
    print(error)
