"""Cassettes: exchanges with a real API, recorded into a file, scrubbed, and answered from it again."""


class CassetteError(ValueError):
    """A file is no cassette, or cannot be used as one. The message names the file, the place in it and the remedy."""
