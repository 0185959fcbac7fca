"""Reads a question set; what is wrong with it is told with file, line and reason."""

import os
from importlib.resources import files
from pathlib import Path
from typing import Any

from userdesk.domain.safe_text import clean_line
from userdesk.domain.suggestions import suggestion
from userdesk.files.toml_lines import TomlLines
from userdesk.files.toml_text import parse_toml
from userdesk.files.user_files import UnreadableFile, decode_text
from userdesk.questions.model import (
    LARGEST,
    MOST_REPEATS,
    Judge,
    Pattern,
    Question,
    QuestionsError,
    QuestionSet,
)
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.user_file import STANDARD_INPUT, name_of, named, read_file

LONGEST_WAIT = 86_400.0
"""Seconds that `within` may say at most."""
_TOP_KEYS = ("title", "judge", "question")
_QUESTION_KEYS = (
    "ask",
    "expect",
    "forbid",
    "within",
    "new_conversation",
    "meaning",
    "tags",
    "repeat",
    "need",
    "likeness",
)


def find_questions(name: Path) -> Path:
    """The file of that name, `-` too, or the example of that name that comes with the program.

    Raises QuestionsError where there is neither.
    """
    if name == STANDARD_INPUT or os.path.exists(name):  # unlike Path.exists this does not raise
        return name
    folder = Path(str(files("userdesk.questions") / "examples"))
    examples = sorted(path.stem for path in folder.glob("*.toml"))
    if str(name) in examples:
        return folder / f"{name}.toml"
    raise QuestionsError(f"{name}: there is no such file (built-in sets: {', '.join(examples)})")


def read_questions(path: Path, matcher: PatternMatcher) -> QuestionSet:
    """The question set of a file, or of standard input for `-`; the matcher tries its patterns.

    Raises QuestionsError.
    """
    with named(path):
        text = decode_text(read_file(path, LARGEST)).replace("\r\n", "\n")
        document = parse_toml(text)
        questions = _Reading(path, text).question_set(document)
        _try_patterns(questions, matcher)
    return questions


def _try_patterns(questions: QuestionSet, matcher: PatternMatcher) -> None:
    """Raises UnreadableFile at the first that is no regular expression, or takes too long to become one."""
    patterns = [
        (key, pattern)
        for question in questions.questions
        for key, each in (("expect", question.expect), ("forbid", question.forbid))
        for pattern in each
    ]
    tried = matcher.tried([pattern.text for _, pattern in patterns]) if patterns else []
    for (key, pattern), (_, trouble) in zip(patterns, tried, strict=True):
        if trouble:
            shown = repr(clean_line(pattern.text, 80))
            words = f"{key}: {shown} is not a valid regular expression: {trouble}"
            raise UnreadableFile(clean_line(words, 300), pattern.line)


class _Reading:
    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._name = clean_line(name_of(Path(path.name)))
        self._own_title = name_of(Path(path.stem))
        self._lines = TomlLines(text)
        self._judge: Judge | None = None

    def question_set(self, document: dict[str, object]) -> QuestionSet:
        self._check_keys(document, _TOP_KEYS)
        title = document.get("title", self._own_title)
        if not isinstance(title, str) or not title.strip():
            raise self._wrong("title: expected text in quotes", "title")
        if "judge" in document:
            self._judge = self._read_judge(document["judge"])
        entries = document.get("question", [])
        if not isinstance(entries, list):
            raise self._wrong("question: expected [[question]], in double brackets", "question")
        if not entries:
            raise UnreadableFile('there is no question: expected [[question]] with ask = "…"', 1)
        questions = tuple(self._question(number, entry) for number, entry in enumerate(entries))
        return QuestionSet(clean_line(title), questions)

    def _read_judge(self, value: object) -> Judge:
        expected = 'judge: expected a program and its arguments, such as ["python3", "judge.py"]'
        command = self._texts(value, expected, "judge")
        if not command or not command[0].strip() or "\0" in "".join(command):
            raise self._wrong(expected, "judge")
        folder = Path.cwd() if self._path == STANDARD_INPUT else self._path.absolute().parent
        return Judge(tuple(command), folder, f"{self._name}:{self._line('judge')}")

    def _question(self, number: int, entry: Any) -> Question:
        at = ("question", number)
        if not isinstance(entry, dict):
            raise self._wrong("question: expected a table", *at)
        self._check_keys(entry, _QUESTION_KEYS, *at)
        ask, fresh, meaning = entry.get("ask"), entry.get("new_conversation", False), entry.get("meaning", "")
        if not isinstance(ask, str) or not ask.strip():
            raise self._wrong("ask: expected the question in quotes", *at, "ask")
        if not isinstance(fresh, bool):
            raise self._wrong("new_conversation: expected true or false", *at, "new_conversation")
        if not isinstance(meaning, str) or ("meaning" in entry and not meaning.strip()):
            raise self._wrong("meaning: expected what the answer must mean, in quotes", *at, "meaning")
        if meaning and self._judge is None:
            raise self._wrong(
                "meaning: needs a judge: expected judge = [program, argument, …] at the top of the file",
                *at,
                "meaning",
            )
        within = self._number(
            entry, "within", "a number of seconds above 0, at most a day", LONGEST_WAIT, *at
        )
        repeat = self._whole(entry, "repeat", f"a whole number, 1 to {MOST_REPEATS}", 1, MOST_REPEATS, *at)
        most = repeat or MOST_REPEATS
        return Question(
            ask=ask.strip(),
            line=self._line(*at),
            expect=self._patterns(entry.get("expect", []), *at, "expect"),
            forbid=self._patterns(entry.get("forbid", []), *at, "forbid"),
            within=within,
            new_conversation=fresh,
            meaning=meaning.strip(),
            judge=self._judge if meaning else None,
            tags=self._tags(entry.get("tags", []), *at, "tags"),
            repeat=repeat,
            need=self._whole(entry, "need", f"a whole number, 1 to {most}, as repeat says", 1, most, *at),
            likeness=self._whole(entry, "likeness", "a whole number, 0 to 100", 0, 100, *at),
        )

    def _number(
        self, entry: dict[str, object], key: str, expected: str, most: float, *at: str | int
    ) -> float | None:
        value = entry.get(key)
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= most:
            raise self._wrong(f"{key}: expected {expected}", *at, key)
        return float(value)

    def _whole(
        self, entry: dict[str, object], key: str, expected: str, least: int, most: int, *at: str | int
    ) -> int | None:
        value = entry.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self._wrong(f"{key}: expected {expected}", *at, key)
        return value

    def _tags(self, value: object, *at: str | int) -> tuple[str, ...]:
        expected = 'tags: expected words in quotes, such as ["billing"]'
        texts = [value] if isinstance(value, str) else value
        tags = [clean_line(tag).strip() for tag in self._texts(texts, expected, *at)]
        if not all(tags):
            raise self._wrong(expected, *at)
        return tuple(dict.fromkeys(tags))

    def _patterns(self, value: object, *at: str | int) -> tuple[Pattern, ...]:
        expected = f'{at[-1]}: expected regular expressions in quotes, such as ["(?i)monday"]'
        texts = self._texts([value] if isinstance(value, str) else value, expected, *at)
        for item, text in enumerate(texts):
            if not text:
                raise self._wrong(f"{at[-1]}: an empty regular expression matches everything", *at, item)
        return tuple(Pattern(text, self._name, self._line(*at, item)) for item, text in enumerate(texts))

    def _texts(self, value: object, expected: str, *at: str | int) -> list[str]:
        if not isinstance(value, list):
            raise self._wrong(expected, *at)
        for item, text in enumerate(value):
            if not isinstance(text, str):
                raise self._wrong(expected, *at, item)
        return value

    def _check_keys(self, table: dict[str, object], known: tuple[str, ...], *at: str | int) -> None:
        for key in table:
            if key not in known:
                raise self._wrong(f"{key}: unknown key; {suggestion(key, known)}", *at, key)

    def _line(self, *at: str | int) -> int:
        return self._lines.line(*at) or self._lines.line("question") or 1

    def _wrong(self, message: str, *at: str | int) -> UnreadableFile:
        return UnreadableFile(clean_line(message, 300), self._line(*at))
