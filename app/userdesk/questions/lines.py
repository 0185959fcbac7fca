"""Finds the line on which a key of a question stands; tomllib does not tell."""

import re

_HEADER = re.compile(r"\s*\[\[\s*[\"']?question[\"']?\s*\]\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*=")
_TRIPLE = re.compile(r'"""|' + "'''")


class QuestionLines:
    """The lines, counted from 1, of the questions of one TOML text and of their keys."""

    def __init__(self, text: str) -> None:
        self._top: dict[str, int] = {}
        self._questions: list[dict[str, int]] = []
        inside = ""  # the quotes of a string over several lines that we are in
        for number, line in enumerate(text.split("\n"), 1):
            if not inside:
                if _HEADER.match(line):
                    self._questions.append({"": number})
                elif found := _KEY.match(line):
                    keys = self._questions[-1] if self._questions else self._top
                    keys.setdefault(found[1].strip("\"'"), number)
            for quotes in _TRIPLE.findall(line):
                inside = "" if inside == quotes else inside or quotes

    def top(self, key: str) -> int:
        """The line of a key above all questions; the first line where it is not found."""
        return self._top.get(key) or (self._questions[0][""] if self._questions else 1)

    def of(self, question: int, key: str = "") -> int:
        """The line of a question's key, or of the question where the key is not found."""
        if question >= len(self._questions):  # written as an array of inline tables
            return self._top.get("question", 1)
        keys = self._questions[question]
        return keys.get(key, keys[""])
