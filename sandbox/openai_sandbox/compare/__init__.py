"""Compares recordings of the live API with the sandbox's answers to the same requests."""


class RecordingError(ValueError):
    """A file is not a recording. The message names the file, the place in it and what was expected."""
