"""Read the token of a Kubernetes service account where there is none."""

import openai
from openai.auth import k8s_service_account_token_provider

provider = k8s_service_account_token_provider("no/such/token")

try:
    provider["get_token"]()
except openai.OpenAIError as error:
    print(type(error).__name__, getattr(error, "response", None))
    #> SubjectTokenProviderError None
    print("because of", type(error.__cause__).__name__)
    #> because of FileNotFoundError
