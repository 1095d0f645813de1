"""A clock that tests set."""


class Clock:
    """Calling it returns `time`, in Unix seconds."""

    def __init__(self, time: float = 1_800_000_000.0) -> None:
        self.time = time

    def __call__(self) -> float:
        return self.time
