"""Send a picture in a format that is supported."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

picture = "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs="
response = client.responses.create(
    model="gpt-6-luna",
    input=[
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "Can you see this picture?"},
                {"type": "input_image", "image_url": picture, "detail": "auto"},
            ],
        }
    ],
)
print(response.output_text)
#> Yes, I can see the picture.
