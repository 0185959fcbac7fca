"""How well a title fits a few typed letters: all words in it, or the letters in order, as in `rfpol`."""

from collections.abc import Iterator

from userdesk.store.search.query import SearchQuery, Span, with_origins

_WHOLE = 100.0  # above any score of scattered letters
_JUMPS_EACH = 4  # letters typed for each jump into the middle of a word


def fit(wanted: SearchQuery, title: str) -> tuple[float, tuple[Span, ...]] | None:
    """A score, the better the higher, and the parts of a title that fit; None where it does not.

    Letters may skip to the beginnings of words freely, into the middle of one once in four letters.
    """
    if not wanted:
        return 0.0, ()
    folded, origins = with_origins(title)
    if wanted.are_in(title):
        at = folded.find(wanted.phrase)
        score = _WHOLE if at < 0 else 2 * _WHOLE
        first = min(folded.find(word) for word in wanted.words)
        beginnings = sum(_begins_word(folded, folded.find(word)) for word in wanted.words)
        return score + 10 * beginnings / len(wanted.words) - min(first, 99) / 20, wanted.spans(title)
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
        if jumps > len(letters) // _JUMPS_EACH:
            continue
        spans = _runs(places)
        score = 50.0 - 4 * jumps - 2 * len(spans) - start / 20 - len(title) / 1000
        if best is None or score > best[0]:
            best = score, spans
    return best


def is_scattered(score: float) -> bool:
    """Whether a score is that of letters in order, not of whole words."""
    return 0.0 < score < _WHOLE - 10


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
    for letter in letters:
        at = text.find(letter, at) + 1
        if not at:
            return False
    return True


def _runs(places: list[int]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for at in places:
        if spans and spans[-1][1] == at:
            spans[-1] = (spans[-1][0], at + 1)
        else:
            spans.append((at, at + 1))
    return tuple(spans)
