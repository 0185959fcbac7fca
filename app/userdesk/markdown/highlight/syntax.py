"""What is coloured in single lines of a language, as its lexer answers a few questions."""

import re
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from userdesk.markdown.highlight import lexers

_builder = ThreadPoolExecutor(1, thread_name_prefix="syntax")
_MARKS = ("#", "//", "--", ";", "%", "'", "!")
_PAIRS = {
    **{"--[[": "]]", "<!--": "-->", '"""': '"""', "'''": "'''", "/*": "*/", "{-": "-}", "(*": "*)"},
    **{"<#": "#>", "#=": "=#", "#|": "|#", "[[": "]]", "`": "`"},
}
_ANY_WORD = "zqx"
_INSIDE = "<style>a {}</style><script>a</script>"  # languages that have lexers of their own
_WORD = r"(?P<word>(?<![\w.])[#@!]?[^\W\d]\w{,30}\b)"
_NUMBER = r"(?P<number>\b(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\w*)"
_CHARACTER = r"'(?:[^'\\]|\\.)'"
_ATTRIBUTE = r"""(?<==)(?:"[^"]*"|'[^']*')"""
# What names a value: a setting, an attribute, a tag.
_KEYS = {
    "json": r'"(?:[^"\\]|\\.)*+"(?=\s*:)',
    "yaml": r"^[\s-]*+[\w./-]++(?=:(?:\s|$))",
    **dict.fromkeys(("toml", "ini", "properties"), r"^\s*+(?:\[.*\]|[\w.\"-]++(?=\s*=))"),
    **dict.fromkeys(("html", "xml"), r"</?[\w:!?-]+|/?>|(?<![\w:-])[\w:-]++(?==)"),
    **dict.fromkeys(("css", "scss", "less"), r"(?<![\w-])[\w-]++(?=\s*:)|[.#@][\w-]+"),
    "make": r"^[\w./%$() -]++(?=:)",
}


class OpenToken(NamedTuple):
    """A comment or string of several lines, which a line may begin inside of."""

    end: str
    style: str
    escapes: bool
    """Whether its end does not count behind a backslash."""


class Syntax:
    """One language's comments, strings, numbers and words.

    `pattern` finds what may be coloured (a key, comment, string, number or word, or what begins one of
    `pairs`), and `word` gives a word's style, plain where any other word has it too.
    """

    def __init__(self, lexer: lexers.Lexer) -> None:
        self._lexer = lexer
        self.style(_INSIDE)
        self._any_word = self.style(_ANY_WORD)
        self.word = lru_cache(4096)(self._word_style)
        self.pairs = {
            begin: OpenToken(end, style, self.style(f"{begin}a\\{end}") != style)
            for begin, end in _PAIRS.items()
            if (style := self.style(f"{begin}\na ' \" b\n{end}")) in (lexers.COMMENT, lexers.STRING)
        }
        self.pattern = re.compile("|".join(self._patterns()))
        self.is_diff = self.style("+a") == lexers.INSERTED

    def style(self, text: str) -> str:
        """The one style that all of a text has, spaces aside; empty where there are several."""
        # A limit, since some lexers go on for ever without a character.
        tokens = islice(self._lexer.get_tokens_unprocessed(f"{text}\n"), 1000)
        styles = {lexers.style_of(token) for _, token, part in tokens if part.strip()}
        return styles.pop() if len(styles) == 1 else ""

    def _word_style(self, word: str) -> str:
        style = self.style(word)
        return lexers.PLAIN if style == self._any_word else style or lexers.PLAIN

    def _patterns(self) -> list[str]:
        pairs = "|".join(map(re.escape, self.pairs))
        patterns = [rf"(?P<pair>(?<![/\\])(?:{pairs}))"] if pairs else []
        patterns += [f"(?P<key>{_KEYS[alias]})" for alias in self._lexer.aliases if alias in _KEYS]
        if marks := "|".join(
            re.escape(mark) for mark in _MARKS if self.style(f"{mark} a b") == lexers.COMMENT
        ):
            # A mark inside a word, such as the one in $#, begins nothing.
            patterns.append(rf"(?P<comment>(?<![\w$:&#])(?!#\{{)(?:{marks}).*)")
        strings = [_CHARACTER] if self.style("'x'") == lexers.STRING else []
        for quote in "\"'":
            if self.style(f"{quote}a b{quote}") == lexers.STRING:
                escape = r"\\." if self.style(rf"{quote}a\{quote}b{quote}") == lexers.STRING else r"\\"
                # An apostrophe inside a word begins nothing.
                strings.append(rf"(?<!\w\w)(?<!\\){quote}(?:[^{quote}\\]|{escape})*+(?:{quote}|\\?$)")
        patterns.append(f"(?P<string>{'|'.join([*strings, _ATTRIBUTE])})")
        return [*patterns, *([_NUMBER] if self.style("12") == lexers.NUMBER else []), _WORD]


@lru_cache(64)
def syntax_of(language: str) -> Future[Syntax | None]:
    """The syntax that a fence's name stands for, None where Pygments does not know it.

    It is found in a thread: to build a lexer takes 10 to 100 ms.
    """
    return _builder.submit(lambda: Syntax(lexer) if (lexer := lexers.lexer_of(language, php=True)) else None)


def is_known(language: str) -> bool:
    """Whether that is found; it is looked for from now on."""
    return syntax_of(language).done()
