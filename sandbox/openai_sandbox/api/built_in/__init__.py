"""The tools that the API itself runs: simulates what each does before the model answers."""
