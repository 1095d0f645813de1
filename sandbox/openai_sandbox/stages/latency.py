"""Simulated waiting."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Latency:
    """Simulated time: seconds before the first byte, per generated token, and before the last event of a stream.

    That event says whether the answer is complete, and its usage. `lull` reveals clients that do not wait for it.
    """

    first: float = 0.0
    per_token: float = 0.0
    lull: float = 0.0

    @classmethod
    def of(cls, value: "float | str | Latency | None") -> "Latency":
        """Read `none`, `realistic` or a number of seconds.

        Raises:
            ValueError: it is something else.
        """
        if isinstance(value, Latency):
            return value
        if value in (None, "none"):
            return cls()
        if value == "realistic":
            return cls(first=0.4, per_token=0.015)
        try:
            seconds = float(value)
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds < 3600:
            raise ValueError(f"latency '{value}' is not understood: use none, realistic or a number of seconds")
        return cls(first=seconds)
