"""Heights of thousands of messages that nobody has seen, without a number for each."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable
from itertools import accumulate

from userdesk.tui.message_log.viewport import Heights


class EstimatedHeights(Heights):
    """Heights of saved messages by a formula, corrected where they were measured; behind them, numbers."""

    def __init__(self, count: int, estimated_top: Callable[[int], int], behind: Iterable[int] = ()) -> None:
        """Of the first `count`, `estimated_top` tells where each may begin, and the last one end."""
        super().__init__()
        self._count = count
        self._estimated_top = estimated_top
        self._behind = Heights(behind)
        self._corrections: dict[int, int] = {}
        self._corrected: list[int] = []  # the indexes of those that are corrected, in order
        self._sums: list[int] | None = [0]

    def __len__(self) -> int:
        return self._count + len(self._behind)

    def __getitem__(self, index: int) -> int:
        if index >= self._count:
            return self._behind[index - self._count]
        return self._estimate(index) + self._corrections.get(index, 0)

    def _estimate(self, index: int) -> int:
        return self._estimated_top(index + 1) - self._estimated_top(index)

    def insert(self, index: int, height: int) -> None:
        """One more bubble before the one at an index, or at the end."""
        self._count_from(index)
        self._behind.insert(index - self._count, height)

    def remove(self, index: int) -> None:
        """Drop a bubble."""
        self._count_from(index)
        self._behind.remove(index - self._count)

    def _count_from(self, index: int) -> None:
        """Have numbers from an index on; what comes and goes is nearly always behind what is saved."""
        if index < self._count:
            heights = [self[each] for each in range(index, len(self))]
            self._corrected = [each for each in self._corrected if each < index]
            self._corrections = {each: self._corrections[each] for each in self._corrected}
            self._count, self._behind, self._sums = index, Heights(heights), None

    def set(self, index: int, height: int) -> None:
        """Correct the height of one bubble."""
        if index >= self._count:
            self._behind.set(index - self._count, height)
        elif height != self[index]:
            if index not in self._corrections:
                insort(self._corrected, index)
            self._corrections[index] = height - self._estimate(index)
            self._sums = None

    def top(self, index: int) -> int:
        """The row at which a bubble begins; `len(self)` asks for the end of the last one."""
        if index > self._count:
            return self.top(self._count) + self._behind.top(index - self._count)
        if self._sums is None:
            self._sums = list(accumulate(map(self._corrections.__getitem__, self._corrected), initial=0))
        return self._estimated_top(index) + self._sums[bisect_left(self._corrected, index)]

    def index_at(self, row: int) -> int:
        """The bubble that row belongs to, held between the first and the last one."""
        found = bisect_right(range(len(self) + 1), row, key=self.top) - 1
        return max(0, min(found, len(self) - 1))
