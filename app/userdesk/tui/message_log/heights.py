"""How high every bubble of a log is, and where each begins: exact where measured, else estimated."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate


class Heights:
    """Heights in rows with their running sums, which are brought up to date only when asked for.

    A change near the end, which is what streaming does, costs next to nothing.
    """

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = array("l", heights)
        self._tops: list[int] = [0]

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    def insert(self, index: int, height: int) -> None:
        """One more bubble before the one at an index, or at the end."""
        self._heights.insert(index, height)
        del self._tops[index + 1 :]

    def remove(self, index: int) -> None:
        """Drop a bubble."""
        del self._heights[index]
        del self._tops[index + 1 :]

    def set(self, index: int, height: int) -> None:
        """Correct the height of one bubble."""
        if self._heights[index] != height:
            self._heights[index] = height
            del self._tops[index + 1 :]

    def top(self, index: int) -> int:
        """The row at which a bubble begins; `len(self)` asks for the end of the last one."""
        known = len(self._tops)
        if index >= known:
            fresh = accumulate(self._heights[known - 1 :], initial=self._tops[-1])
            next(fresh)
            self._tops.extend(fresh)
        return self._tops[index]

    @property
    def total(self) -> int:
        """Rows in all."""
        return self.top(len(self._heights))

    def index_at(self, row: int) -> int:
        """The bubble that row belongs to, held between the first and the last one."""
        self.top(len(self._heights))
        return max(0, min(bisect_right(self._tops, row) - 1, len(self._heights) - 1))
