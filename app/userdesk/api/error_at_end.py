"""An error that a service writes behind the text of an answer that it cannot finish."""

from collections.abc import Sequence

from userdesk.api.envelope import is_error, parsed
from userdesk.api.server_words import words_in

_LONGEST = 8 * 1024  # characters of the JSON that tells an error
_FENCES = ("```", "~~~")


def error_at_end(pieces: Sequence[str]) -> str | None:
    """The server's words, maybe none, where the answer ends in the JSON of an error; else None.

    An answer that speaks of such JSON has it in a code block, or in a sentence: there a space stands before
    it. The one of an error stands on a line of its own, close behind a word that was cut, or it came as a
    piece of its own. `pieces` are the texts as they came.
    """
    last = next((piece for piece in reversed(pieces) if piece.strip()), "")
    if not last.rstrip().endswith("}"):
        return None
    text = "".join(pieces).rstrip()
    lone_piece = len(text) - len(last.strip())
    at = len(text)
    floor = max(0, at - _LONGEST)
    while (at := text.rfind("{", floor, at)) >= 0:
        value = parsed(text[at:])
        if isinstance(value, dict):
            is_apart = at == lone_piece or at == 0 or text[at - 1] not in " \t`'\"(:"
            return words_in(value) if is_error(value) and is_apart and not _in_code(text[:at]) else None
    return None


def _in_code(text: str) -> bool:
    return sum(line.lstrip().startswith(_FENCES) for line in text.splitlines()) % 2 == 1
