"""What the switcher looks through, and the rows that what it finds is shown as."""

import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.domain.days import day_name
from userdesk.domain.safe_text import clean_line
from userdesk.domain.text_folding import fold_letters
from userdesk.markdown.document import whole
from userdesk.store.search.query import SearchQuery, Span, with_origins
from userdesk.store.search.search import Finding
from userdesk.tui.sidebar.rows import title_of
from userdesk.tui.switcher.result_list import ResultRow
from userdesk.tui.switcher.title_filter import JUMPS_EACH, may_fit

TITLES = 50  # titles shown at most where something was typed; messages come below them
SLICE = 0.005
"""Seconds of looking through titles after which the event loop decides whether to go on."""
_AT_ONCE = 1_000  # titles that are looked through between two looks at the clock, where none fits
_ONE_ROW = 1_000  # cells, more than a passage has
SCATTERED = 10  # of them, those that only have the letters in order
_WHOLE, _SCATTERED = 100.0, 50.0  # what titles score, about, that have the words, or the letters in order


class SwitcherIndex:
    """Conversations, the newest activity first. Its methods work off the event loop."""

    def __init__(
        self,
        conversations: Iterable[Conversation],
        recency: Mapping[ConversationKey, float],
        bot_names: Mapping[str, str],
        today: date,
    ) -> None:
        chosen = [(recency.get(each.key, each.created.timestamp()), each) for each in conversations]
        chosen.sort(key=lambda pair: -pair[0])
        several = len({each.bot for _, each in chosen}) > 1
        self._titles: dict[ConversationKey, ResultRow] = {}
        days: dict[date, str] = {}
        for at, each in chosen:
            day = date.fromtimestamp(at)
            if (aside := days.get(day)) is None:
                aside = days[day] = day_name(day, today)
            if several:
                aside = f"{clean_line(bot_names.get(each.bot, each.bot), 20)} · {aside}"
            self._titles[each.key] = ResultRow(each.key, title_of(each), aside=aside)
        self._rows = list(self._titles.values())
        self._plain = [fold_letters(each.text) for each in self._rows]

    @property
    def keys(self) -> list[ConversationKey]:
        """The conversations in the order in which they are searched."""
        return list(self._titles)

    def titles(self, wanted: SearchQuery) -> Iterator[list[ResultRow] | None]:
        """The conversations whose titles fit, the best first; all of them where nothing was typed.

        None after each slice of looking, then what was found: a search that is given up ends with its slice.
        """
        if not wanted:
            yield self._rows.copy()
            return
        fitting: list[tuple[float, int]] = []
        until = time.monotonic() + SLICE
        for at in self._candidates(wanted):
            if at is not None and (score := self._score(wanted, at)) is not None:
                fitting.append((score, at))
            if time.monotonic() > until:
                yield None
                until = time.monotonic() + SLICE
        fitting.sort(key=lambda found: -found[0])
        whole_words = sum(score > _SCATTERED for score, _ in fitting)
        shown = [self._rows[at] for _, at in fitting[: min(TITLES, whole_words + SCATTERED)]]
        yield [replace(each, spans=found[1]) for each in shown if (found := fit(wanted, each.text))]

    def _candidates(self, wanted: SearchQuery) -> Iterator[int | None]:
        """The numbers of the titles that may fit; None wherever a part of them is looked through."""
        for first in range(0, len(self._rows), _AT_ONCE):
            for at in may_fit(wanted, self._plain[first : first + _AT_ONCE]):
                yield first + at
            yield None

    def _score(self, wanted: SearchQuery, at: int) -> float | None:
        """How well a title fits; where in it is asked of those alone that are shown."""
        plain = self._plain[at]
        for word in wanted.words:
            if word not in plain:
                found = fit(wanted, self._rows[at].text)
                return found[0] if found else None
        return _score_of_words(wanted, plain)

    def messages(self, found: Iterable[Finding]) -> list[ResultRow]:
        """What was found in messages, each conversation's under its title."""
        rows: list[ResultRow] = []
        for finding in found:
            each = self._titles[finding.key]
            aside = f"the newest {len(finding.passages)} · {each.aside}" if finding.more else each.aside
            rows.append(replace(each, aside=aside, is_heading=True))
            rows += [
                ResultRow(each.key, *plain_passage(passage.line, passage.spans), passage.index, passage.aside)
                for passage in finding.passages
            ]
        return rows


def plain_passage(line: str, spans: tuple[Span, ...]) -> tuple[str, tuple[Span, ...]]:
    """A line of a message without the marks of its Markdown, and where the parts that were found stand in it.

    A line of which a found part is no text, as the number of a list's item, is left as it is.
    """
    layout = whole(line, _ONE_ROW)
    plain = " ".join(layout.line_text(number) for number in range(layout.line_count)).strip()
    origins: list[int] = []  # where in the line each character of the plain text stands
    at = 0
    for character in plain:
        found = line.find(character, at)
        if found >= 0 and not any(map(str.isalnum, line[at:found])):
            at = found
        origins.append(at)
        at += found == at
    moved = tuple((bisect_left(origins, start), bisect_left(origins, end)) for start, end in spans)
    if any(plain[a:b] != line[start:end] for (a, b), (start, end) in zip(moved, spans, strict=True)):
        return line, spans
    return (plain, moved) if plain else (line, spans)


def fit(wanted: SearchQuery, title: str) -> tuple[float, tuple[Span, ...]] | None:
    """How well a title fits a few typed letters, the better the higher, and its parts that do; or None.

    Letters may skip to the beginnings of words freely, into the middle of one once in four letters.
    """
    if not wanted:
        return 0.0, ()
    folded, origins = with_origins(title)
    if wanted.are_in(title):
        return _score_of_words(wanted, folded), wanted.spans(title)
    letters = "".join(wanted.words)
    if len(letters) < 2 or list(origins) != list(range(len(title) + 1)):
        return None
    best: tuple[float, tuple[Span, ...]] | None = None
    for start in _places(folded, letters[0], 0):
        places = _path(folded, letters, start)
        if places is None:
            break  # what does not fit from here fits from no later place
        jumps = sum(
            at != before + 1 and not _begins_word(folded, at)
            for before, at in zip([-2, *places], places, strict=False)
        )
        if jumps > len(letters) // JUMPS_EACH:
            continue
        spans = _runs(places)
        score = _SCATTERED - 4 * jumps - 2 * len(spans) - start / 20 - len(title) / 1000
        if best is None or score > best[0]:
            best = score, spans
    return best


def _score_of_words(wanted: SearchQuery, plain: str) -> float:
    """How well a title, in plain letters, fits that has all words."""
    score = 2 * _WHOLE if wanted.phrase in plain else _WHOLE
    places = [plain.find(word) for word in wanted.words]
    beginnings = sum([_begins_word(plain, at) for at in places])
    return score + 10 * beginnings / len(places) - min(*places, 99) / 20


def _begins_word(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()


def _path(text: str, letters: str, start: int) -> list[int] | None:
    """Where the letters stand from a place on: next to one another, else at a word, else anywhere."""
    places = [start]
    for number, letter in enumerate(letters[1:], 1):
        at = places[-1] + 1
        if text[at : at + 1] != letter:
            rest = letters[number:]
            words = (place for place in _places(text, letter, at) if _begins_word(text, place))
            at = next((place for place in words if _can_follow(text, rest, place)), text.find(letter, at))
        if at < 0:
            return None
        places.append(at)
    return places


def _places(text: str, letter: str, begin: int) -> Iterator[int]:
    at = text.find(letter, begin)
    while at >= 0:
        yield at
        at = text.find(letter, at + 1)


def _can_follow(text: str, letters: str, at: int) -> bool:
    rest = iter(text[at:])
    return all(letter in rest for letter in letters)


def _runs(places: list[int]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for at in places:
        if spans and spans[-1][1] == at:
            spans[-1] = (spans[-1][0], at + 1)
        else:
            spans.append((at, at + 1))
    return tuple(spans)
