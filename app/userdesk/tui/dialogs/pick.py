"""One among many lines, found by words of it."""

from collections.abc import Iterator, Sequence

from textual.content import Content

from userdesk.domain.safe_text import clean_line
from userdesk.domain.text_folding import fold_letters
from userdesk.tui.dialogs.searched_list import SearchedList

SHOWN = 100  # lines at most


class PickScreen(SearchedList[int]):
    """The result is the line's index."""

    def __init__(self, title: str, lines: Sequence[str], *, take: str = "take it", about: str = "") -> None:
        super().__init__(title, placeholder="words of it", take=take, about=about, id="pick")
        self._lines = lines

    def lines(self, query: str, width: int) -> Iterator[tuple[Content, int]]:
        """Those that hold all words."""
        words = fold_letters(query).split()
        fitting = (
            index
            for index, line in enumerate(map(fold_letters, self._lines))
            if all(word in line for word in words)
        )
        for index, _ in zip(fitting, range(SHOWN), strict=False):
            yield Content(clean_line(self._lines[index], 120)), index
