"""The small language model that answers: tokens, authored answers, sampling, model families."""
