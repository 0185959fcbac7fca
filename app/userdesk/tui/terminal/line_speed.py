"""How long a terminal takes for a byte, from how long it took for some."""

STALL = 3.0  # s; a terminal that took nothing for so long had stopped, and tells nothing of its speed
SLOWEST = 2_000  # bytes a second; what seems slower was busy with other things
FAST = 200_000  # bytes a second; a terminal that takes as much is not slow
SOON = 0.02  # s; what the terminal takes within them was no queue
QUICKER = 4  # times; what is read so much sooner than expected is read by one who is not slow any more
FEW = 500  # bytes; of fewer the time tells of no speed that is lower than was thought
TYPICAL = 1_000  # bytes; of fewer the time is worth less


class LineSpeed:
    """An average in which what was measured last counts most."""

    def __init__(self) -> None:
        self.seconds_per_byte = 0.0
        """0 where the terminal is not known to be slow."""

    def took(self, size: int, seconds: float) -> None:
        """The terminal took so many bytes within so many seconds."""
        expected = size * self.seconds_per_byte
        tells_nothing = expected / QUICKER < seconds <= SOON and expected <= SOON
        if seconds > STALL or size <= 0 or tells_nothing:
            return
        per_byte = min(seconds / size, 1 / SLOWEST) if seconds > SOON else 0.0
        if size < FEW and per_byte > self.seconds_per_byte:
            return  # the reader looks now and then, whatever there is
        self.seconds_per_byte += (per_byte - self.seconds_per_byte) * size / (size + TYPICAL)
        if self.seconds_per_byte < 1 / FAST:
            self.seconds_per_byte = 0.0
