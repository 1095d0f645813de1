"""The tools that the API itself runs: what each does before the model answers, simulated."""
