"""Cassettes: exchanges with a real API, recorded into a file, scrubbed, and replayed from it."""


class CassetteError(ValueError):
    """A file is not a cassette, or cannot be used as one. The message says which file, where in it, and how to fix
    it."""
