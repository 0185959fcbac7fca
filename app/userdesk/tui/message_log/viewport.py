"""Which rows of the log are in view: a place in the text, not a number of rows from the top.

The place is a bubble and a row in it, so nothing that is measured, corrected or added elsewhere
moves what the user reads. Rows from the top are only told to the scroll bar.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import NamedTuple


class Heights:
    """Heights in rows, exact where measured, else estimated; their running sums are brought up to date late.

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
        return self.top(len(self))

    def index_at(self, row: int) -> int:
        """The bubble that row belongs to, held between the first and the last one."""
        self.top(len(self._heights))
        return max(0, min(bisect_right(self._tops, row) - 1, len(self._heights) - 1))


class Place(NamedTuple):
    """A row of a bubble."""

    bubble: int
    row: int


class Viewport:
    """The window on the log: `height` rows from `place` on.

    `measure(i)` lays a bubble out and returns its exact height; it is only asked for bubbles that
    come near the window.
    """

    def __init__(self, measure: Callable[[int], int]) -> None:
        self._measure = measure
        self.height = 0
        self.reset(Heights())

    def reset(self, heights: Heights) -> None:
        """Another conversation: at its end."""
        self.heights = heights
        self.place = Place(0, 0)
        self.following = True

    def rows(self) -> list[Place]:
        """The places in view, from the top; fewer than `height` where the log is shorter."""
        if not len(self.heights):
            return []
        if self.following:
            self.place = self._end_place()
        else:
            self._settle()
        found: list[Place] = []
        index, row = self.place
        while index < len(self.heights) and len(found) < self.height:
            height = self._exact(index)
            take = min(height, row + self.height - len(found))
            found.extend(Place(index, r) for r in range(row, take))
            index, row = index + 1, 0
        return found

    @property
    def offset(self) -> int:
        """Rows above the window, as far as they are known."""
        return self.heights.top(self.place.bubble) + self.place.row if len(self.heights) else 0

    # moving

    def scroll(self, rows: int) -> None:
        """Move by exactly so many rows (down where positive), measuring what comes into view."""
        if not len(self.heights):
            return
        if self.following:
            self.place = self._end_place()
        index, row = self.place
        if rows < 0:
            self.following = False
            row += rows
            while row < 0 and index > 0:
                index -= 1
                row += self._exact(index)
            self.place = Place(index, max(0, row))
        else:
            row += rows
            while index < len(self.heights) - 1 and row >= (height := self._exact(index)):
                index, row = index + 1, row - height
            self.place = Place(index, row)
            self._settle()

    def to_start(self) -> None:
        """The first row of the first bubble."""
        self.following = not len(self.heights)
        self.place = Place(0, 0)
        self._settle()

    def to_end(self) -> None:
        """The last row, and stay there while it moves."""
        self.following = True

    def to_offset(self, offset: int) -> None:
        """Where the scroll bar was dragged to; its ends are the ends of the log."""
        if offset <= 0:
            self.to_start()
        elif offset >= self.heights.total - self.height:
            self.to_end()
        else:
            index = self.heights.index_at(offset)
            self.following = False
            self.place = Place(index, min(offset - self.heights.top(index), self._exact(index) - 1))
            self._settle()

    def show(self, index: int) -> None:
        """Bring a bubble into view, its beginning first, moving as little as needed."""
        height = self._exact(index)
        window = self.rows()
        seen = [i for i, place in enumerate(window) if place.bubble == index]
        if len(seen) == height or (seen and height > self.height):
            return  # whole, or longer than the window and already filling part of it
        self.following = False
        self.place = Place(index, 0)
        if (window and index > window[-1].bubble) or (seen and seen[-1] == len(window) - 1):
            self.scroll(-max(0, self.height - height))
        self._settle()

    def show_row(self, place: Place) -> None:
        """Bring one row into view, a third from the top unless it is in view already."""
        if place not in self.rows():
            self.following = False
            self.place = place
            self.scroll(-(self.height // 3))
            self._settle()

    # what comes and goes

    def insert(self, index: int, height: int) -> None:
        """A bubble came before the one at an index, or at the end; what is in view stays where it is."""
        self.heights.insert(index, height)
        if index <= self.place.bubble and len(self.heights) > 1:
            self.place = self.place._replace(bubble=self.place.bubble + 1)

    def grow_above(self, index: int, rows: int) -> None:
        """A bubble got rows above those it had; but for its beginning, what is in view stays where it is."""
        if index == self.place.bubble and self.place.row > 0:
            self.place = self.place._replace(row=max(0, self.place.row + rows))

    def remove(self, index: int) -> None:
        """A bubble went; what is in view stays where it is."""
        self.heights.remove(index)
        if index < self.place.bubble:
            self.place = self.place._replace(bubble=self.place.bubble - 1)
        elif index == self.place.bubble:
            self.place = Place(max(0, min(index, len(self.heights) - 1)), 0)

    # what keeps it honest

    def _exact(self, index: int) -> int:
        height = self._measure(index)
        self.heights.set(index, height)
        return height

    def _end_place(self) -> Place:
        index, missing = len(self.heights) - 1, self.height
        while True:
            height = self._exact(index)
            if height >= missing or index == 0:
                return Place(index, max(0, height - missing))
            missing -= height
            index -= 1

    def _settle(self) -> None:
        """Hold the place inside the log: no empty rows below the end while there are rows above."""
        if not len(self.heights):
            return
        index, row = self.place
        index = min(index, len(self.heights) - 1)
        row = min(row, self._exact(index) - 1)
        self.place = Place(index, max(0, row))
        below, at = -row, index
        while at < len(self.heights) and below < self.height:
            below += self._exact(at)
            at += 1
        if below <= self.height and at >= len(self.heights):
            self.place = self._end_place()
            self.following = True
