"""Comparing recordings of the live API with what the sandbox answers to the same requests."""


class RecordingError(ValueError):
    """A file is no recording. The message names the file, the place in it and what was expected."""
