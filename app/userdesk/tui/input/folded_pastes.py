"""Very long pastes are folded in the input bar: a short sign stands for them, the whole text is sent."""

import re
from collections.abc import Iterator

FOLD_CHARACTERS = 2_000
FOLD_LINES = 40

_SIGN = re.compile(r"\[pasted text #(\d+): [\d,]+ (?:lines|characters)\]")


class Folds:
    """The texts that signs in the input bar stand for."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}

    def __bool__(self) -> bool:
        return bool(self._texts)

    def fold(self, text: str) -> str:
        """The text itself where it is short, else a sign for it."""
        lines = text.removesuffix("\n").count("\n") + 1
        if len(text) <= FOLD_CHARACTERS and lines <= FOLD_LINES:
            return text
        number = len(self._texts) + 1
        self._texts[number] = text
        size = f"{lines:,} lines" if lines > FOLD_LINES else f"{len(text):,} characters"
        return f"[pasted text #{number}: {size}]"

    def unfold(self, text: str) -> str:
        """The text with every sign replaced by what it stands for; a sign somebody typed stays."""
        return _SIGN.sub(lambda found: self._texts.get(int(found[1]), found[0]), text)

    def signs(self, line: str) -> Iterator[tuple[int, int]]:
        """Where signs that stand for something begin and end in a line."""
        for found in _SIGN.finditer(line) if self._texts else ():
            if int(found[1]) in self._texts:
                yield found.span()
