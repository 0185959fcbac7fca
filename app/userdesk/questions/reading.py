"""Reads a question set; what is wrong with it is told with file, line and reason."""

import os
from importlib.resources import files
from pathlib import Path

from userdesk.domain.safe_text import clean_line
from userdesk.files.toml_lines import TomlLines
from userdesk.files.toml_text import parse_toml, unknown_key
from userdesk.files.user_files import UnreadableFile, decode_text
from userdesk.questions.model import Pattern, Question, QuestionsError, QuestionSet
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.user_file import STANDARD_INPUT, failed, name_of, read_file

LARGEST = 4_000_000
"""Bytes of the largest file that is read."""
LONGEST_WAIT = 86_400.0
"""Seconds that `within` may say at most."""
_TOP_KEYS = ("title", "question")
_QUESTION_KEYS = ("ask", "expect", "forbid", "within", "new_conversation")


def find_questions(name: Path) -> Path:
    """The file of that name, or the example of that name that comes with the program.

    Raises QuestionsError where there is neither.
    """
    if os.path.exists(name):  # unlike Path.exists it does not raise where that cannot be told
        return name
    folder = Path(str(files("userdesk.questions") / "examples"))
    examples = sorted(path.stem for path in folder.glob("*.toml"))
    if str(name) in examples:
        return folder / f"{name}.toml"
    raise QuestionsError(f"{name}: there is no such file (examples that can be named: {', '.join(examples)})")


def read_questions(path: Path, matcher: PatternMatcher) -> QuestionSet:
    """The question set of a file, or of standard input for `-`; the matcher tries its patterns.

    Raises QuestionsError.
    """
    try:
        text = decode_text(read_file(path, LARGEST)).replace("\r\n", "\n")
        document = parse_toml(text)
    except UnreadableFile as error:
        raise failed(path, error) from None
    questions = _Reading(path, TomlLines(text)).question_set(document)
    _try_patterns(path, questions, matcher)
    return questions


def _try_patterns(path: Path, questions: QuestionSet, matcher: PatternMatcher) -> None:
    """Raises QuestionsError at the first that is no regular expression, or takes too long to become one."""
    patterns = [
        (key, pattern)
        for question in questions.questions
        for key, each in (("expect", question.expect), ("forbid", question.forbid))
        for pattern in each
    ]
    if not patterns:
        return
    tried = matcher.tried([pattern.text for _, pattern in patterns])
    for (key, pattern), (_, trouble) in zip(patterns, tried, strict=True):
        if trouble:
            shown = repr(clean_line(pattern.text, 80))
            message = f"{key}: {shown} is no regular expression that can be used: {trouble}"
            raise _wrong(path, pattern.line, message)


def _wrong(path: Path, line: int, message: str) -> QuestionsError:
    return QuestionsError(f"{name_of(path)}:{line}: {clean_line(message, 300)}")


class _Reading:
    def __init__(self, path: Path, lines: TomlLines) -> None:
        self._path = path
        self._name = clean_line(name_of(Path(path.name)))
        self._lines = lines

    def question_set(self, document: dict[str, object]) -> QuestionSet:
        for key in document:
            if key not in _TOP_KEYS:
                raise self._unknown(key, _TOP_KEYS, self._line(key))
        own = "standard input" if self._path == STANDARD_INPUT else self._path.stem
        title = document.get("title", own)
        if not isinstance(title, str) or not title.strip():
            raise self._wrong("title: expected text in quotes", self._line("title"))
        entries = document.get("question", [])
        if not isinstance(entries, list):
            raise self._wrong("question: expected [[question]], in double brackets", self._line("question"))
        if not entries:
            raise self._wrong('there is no question: expected [[question]] with ask = "…"', 1)
        questions = tuple(self._question(number, entry) for number, entry in enumerate(entries))
        return QuestionSet(clean_line(title), questions)

    def _question(self, number: int, entry: object) -> Question:
        if not isinstance(entry, dict):
            raise self._wrong("question: expected a table", self._line("question", number))
        for key in entry:
            if key not in _QUESTION_KEYS:
                raise self._unknown(key, _QUESTION_KEYS, self._line("question", number, key))
        ask = entry.get("ask")
        if not isinstance(ask, str) or not ask.strip():
            raise self._wrong("ask: expected the question in quotes", self._line("question", number, "ask"))
        fresh = entry.get("new_conversation", False)
        if not isinstance(fresh, bool):
            line = self._line("question", number, "new_conversation")
            raise self._wrong("new_conversation: expected true or false", line)
        return Question(
            ask=ask.strip(),
            expect=self._patterns(number, "expect", entry),
            forbid=self._patterns(number, "forbid", entry),
            within=self._seconds(number, entry),
            new_conversation=fresh,
        )

    def _patterns(self, number: int, key: str, entry: dict[str, object]) -> tuple[Pattern, ...]:
        value = entry.get(key, [])
        texts = [value] if isinstance(value, str) else value
        line = self._line("question", number, key)
        expected = f'{key}: expected regular expressions in quotes, such as ["(?i)monday"]'
        if not isinstance(texts, list):
            raise self._wrong(expected, line)
        patterns = []
        for item, text in enumerate(texts):
            line = self._line("question", number, key, item)
            if not isinstance(text, str):
                raise self._wrong(expected, line)
            if not text:
                raise self._wrong(f"{key}: an empty regular expression is found everywhere", line)
            patterns.append(Pattern(text, self._name, line))
        return tuple(patterns)

    def _seconds(self, number: int, entry: dict[str, object]) -> float | None:
        if "within" not in entry:
            return None
        value = entry["within"]
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= LONGEST_WAIT:
            return float(value)
        line = self._line("question", number, "within")
        raise self._wrong("within: expected a number of seconds above 0, at most a day", line)

    def _line(self, *path: str | int) -> int:
        return self._lines.line(*path) or self._lines.line("question") or 1

    def _unknown(self, key: str, known: tuple[str, ...], line: int) -> QuestionsError:
        return self._wrong(f"{key}: {unknown_key(key, known)}", line)

    def _wrong(self, message: str, line: int) -> QuestionsError:
        return _wrong(self._path, line, message)
