"""A leaf's text to styled runs: the inline phase of CommonMark, strikethrough and bare addresses.

`calm` is for text that still grows: an unclosed mark counts as if it were about to close, and what is not
decided yet (the start of a link, a mark at the very end) is held back, so that a line is not shown in two
readings one after the other.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from userdesk.domain.safe_text import clean
from userdesk.markdown.layout.rows import Run
from userdesk.markdown.layout.styling import Span, lines_of
from userdesk.markdown.parse.addresses import BARE, bare_address, bare_end, openable, same, shown
from userdesk.markdown.parse.emphasis import Delimiter, Pairing, flanks
from userdesk.markdown.parse.references import (
    LABEL_LIMIT,
    PUNCTUATION,
    entity,
    link_tail_at,
    normal_label,
)

References = dict[str, tuple[int, str]]

_TOKEN = re.compile(r"\\|`+|\*+|_+|~+|!?\[|\]|<|&|\n")
_ESCAPABLE = re.compile(f"[{PUNCTUATION}]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_AUTOLINK = re.compile(
    r"<(?:([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\x00-\x20<>]*)"
    r"|([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*))>"
)
_TICKS = re.compile("`+")
_UNDECIDED = re.compile(r"(?:[*_~`]+|\\|&#?\w{0,10}|<[^\s<>]{0,120}|!?\[)$")
_CALM_MARK = 400  # characters that an unclosed mark is taken to reach while text grows
_CALM_LINK = 160  # characters of a link's text, and of its address, that are held back


class Inline(NamedTuple):
    """The runs of every line, and the labels that no definition was known for."""

    lines: list[list[Run]]
    missed: frozenset[str]


@dataclass(slots=True)
class _Bracket:
    piece: int
    start: int
    end: int
    image: bool
    bottom: int
    spans: int
    active: bool = True


@dataclass(slots=True)
class _State:
    text: str
    references: References
    known: int
    tentative: bool
    holds: bool
    """Whether the start of a link near the end may be held back."""
    pieces: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    brackets: list[_Bracket] = field(default_factory=list)
    delimiters: list[Delimiter] = field(default_factory=list)
    missed: set[str] = field(default_factory=set)
    ticks: dict[int, list[int]] | None = None
    held: int = -1


def parse_inline(
    text: str, references: References, known: int, base: str = "", tentative: bool = False, holds: bool = True
) -> Inline:
    """The styled lines of `text`, with link references numbered under `known`, all in style `base`.

    `holds` says whether a calm text may end before a link that is not decided.
    """
    if tentative:
        text = _UNDECIDED.sub("", text)
    if _TOKEN.search(text) is None and not _has_bare(text):
        return Inline([[Run(text, base)] if text else []], frozenset())
    state = _State(text, references, known, tentative, tentative and holds)
    _scan(state)
    if state.held >= 0:
        return parse_inline(text[: state.held].rstrip(" "), references, known, base, tentative, holds=False)
    pairing = Pairing(state.pieces, state.delimiters)
    pairing.run()
    if tentative:
        _assume_closed(state)
    state.spans += [Span(*span) for span in pairing.spans]
    return Inline(lines_of(state.pieces, state.spans, base), frozenset(state.missed))


def _has_bare(text: str) -> bool:
    return "://" in text or "@" in text or "www." in text or "mailto:" in text or "WWW." in text


def _scan(state: _State) -> None:
    text, pieces = state.text, state.pieces
    bare = BARE.finditer(text) if _has_bare(text) else iter(())
    address = next(bare, None)
    at, size = 0, len(text)
    while at < size:
        token = _TOKEN.search(text, at)
        start = token.start() if token else size
        while address and address.start() < at:
            address = next(bare, None)
        if address and address.start() < start:
            begin, end = address.start(), bare_end(text, address.start(), address.end())
            address = next(bare, None)
            if end > begin and not (begin and text[begin - 1].isalnum()):
                if begin > at:
                    pieces.append(text[at:begin])
                _bare_link(state, text[begin:end])
                at = end
                continue
        if start > at:
            pieces.append(text[at:start])
        if token is None:
            break
        at = _token(state, token[0], start)


def _token(state: _State, mark: str, start: int) -> int:
    """Take one token; where the scan goes on."""
    text, pieces = state.text, state.pieces
    first = mark[0]
    end = start + len(mark)
    if first == "\n":
        if pieces and text[start - 1] == " ":
            pieces[-1] = pieces[-1].rstrip(" ")
        pieces.append("\n")
    elif first == "*" or first == "_" or (first == "~" and len(mark) == 2):
        opens, closes = flanks(text, start, end)
        if opens or closes:
            state.delimiters.append(Delimiter(first, len(mark), len(pieces), opens, closes, len(mark), end))
        pieces.append(mark)
    elif first == "`":
        return _code(state, mark, start)
    elif first == "\\":
        following = text[end : end + 1]
        if following and _ESCAPABLE.match(following):
            pieces.append(following)
            return end + 1
        if following != "\n":
            pieces.append(mark)
    elif mark == "[" or mark == "![":
        state.brackets.append(
            _Bracket(len(pieces), start, end, mark == "![", len(state.delimiters), len(state.spans))
        )
        pieces.append(mark)
        if (
            state.holds
            and len(text) - start <= _CALM_LINK
            and "\n" not in text[start:]
            and "]" not in text[end:]
        ):
            state.held = start
            return len(text)
    elif first == "]":
        return _close_bracket(state, start)
    elif first == "<" and (match := _AUTOLINK.match(text, start)):
        address = match[1] or "mailto:" + match[2]
        _add_link(state, len(pieces), match[1] or match[2], address)
        return match.end()
    elif first == "&" and (match := _ENTITY.match(text, start)):
        pieces.append(re.sub(r"[\n\t]", " ", clean(entity(match[0]))))
        return match.end()
    else:
        pieces.append(mark)
    return end


def _code(state: _State, mark: str, start: int) -> int:
    text, size = state.text, len(mark)
    if state.ticks is None:
        state.ticks = {}
        for match in reversed(list(_TICKS.finditer(text))):
            state.ticks.setdefault(match.end() - match.start(), []).append(match.start())
    ends = state.ticks.get(size, [])
    while ends and ends[-1] <= start:
        ends.pop()
    end = start + size
    if ends:
        code, behind = text[end : ends[-1]], ends[-1] + size
    elif state.tentative and len(text) - end <= _CALM_MARK and "\n" not in text[end:]:
        code, behind = text[end:], len(text)
    else:
        state.pieces.append(mark)
        return end
    code = code.replace("\n", " ")
    if len(code) > 2 and code[0] == code[-1] == " " and not code.isspace():
        code = code[1:-1]
    state.spans.append(Span("code", len(state.pieces), len(state.pieces) + 1))
    state.pieces.append(code)
    return behind


def _close_bracket(state: _State, start: int) -> int:
    text, pieces = state.text, state.pieces
    end = start + 1
    if not state.brackets:
        pieces.append("]")
        return end
    bracket = state.brackets.pop()
    if not bracket.active:
        pieces.append("]")
        return end
    if state.holds and _tail_undecided(text, bracket, end):
        state.held = bracket.start
        return len(text)
    tail = link_tail_at(text, end)
    address, behind = (tail.address, tail.end) if tail else _reference(state, bracket, start)
    if address is None:
        pieces.append("]")
        return end
    pairing = Pairing(pieces, state.delimiters)
    pairing.run(bracket.bottom)
    del state.delimiters[bracket.bottom :]
    pieces[bracket.piece] = ""
    if bracket.image:
        alternative = " ".join("".join(pieces[bracket.piece :]).split())
        del pieces[bracket.piece :]
        del state.spans[bracket.spans :]
        label = f"[image: {alternative}]" if alternative else "[image]"
        state.spans.append(Span("image", len(pieces), len(pieces) + 1, openable(address)))
        pieces.append(label)
        _show_address(state, label, address)
        return behind
    # A link holds no links: what was found in its text counts as text.
    inner = [span for span in state.spans[bracket.spans :] if span.style != "link"]
    state.spans[bracket.spans :] = inner + [Span(*span) for span in pairing.spans]
    for other in reversed(state.brackets):
        if not other.image:
            if not other.active:
                break
            other.active = False
    state.spans.append(Span("link", bracket.piece, len(pieces), openable(address)))
    _show_address(state, "".join(pieces[bracket.piece :]), address)
    return behind


def _tail_undecided(text: str, bracket: _Bracket, end: int) -> bool:
    """Whether a growing text may still make a link of a bracket that just closed."""
    if end == len(text):
        return end - bracket.start <= _CALM_LINK
    if text[end] != "(" or len(text) - end > _CALM_LINK * 2:
        return False
    rest = text[end:]
    return "\n" not in rest and link_tail_at(text, end) is None and rest.count(")") < rest.count("(")


def _reference(state: _State, bracket: _Bracket, start: int) -> tuple[str | None, int]:
    """The address that a full, collapsed or shortcut reference leads to, and where it ends."""
    text = state.text
    end = start + 1
    label, behind = text[bracket.end : start], end
    if text[end : end + 1] == "[":
        close = text.find("]", end + 1, end + LABEL_LIMIT)
        while close > 0 and text[close - 1] == "\\":
            close = text.find("]", close + 1, end + LABEL_LIMIT)
        if close >= 0 and "[" not in text[end + 1 : close].replace("\\[", ""):
            behind = close + 1
            label = text[end + 1 : close] if text[end + 1 : close].strip() else label
    if len(label) > LABEL_LIMIT or not label.strip():
        return None, end
    if "[" in label.replace("\\[", "") or "]" in label.replace("\\]", ""):
        return None, end
    name = normal_label(label)
    found = state.references.get(name)
    if found and found[0] < state.known:
        return found[1], behind
    state.missed.add(name)
    return None, end


def _bare_link(state: _State, text: str) -> None:
    _add_link(state, len(state.pieces), text, bare_address(text))


def _add_link(state: _State, piece: int, text: str, address: str) -> None:
    state.spans.append(Span("link", piece, piece + 1, openable(address)))
    state.pieces.append(clean(text))


def _show_address(state: _State, text: str, address: str) -> None:
    """The address behind a link's text, where that does not tell it."""
    visible = shown(address)
    if visible and not same(text, visible):
        state.spans.append(Span("link-address", len(state.pieces), len(state.pieces) + 1, openable(address)))
        state.pieces.append(f" ({visible})")


def _assume_closed(state: _State) -> None:
    """Take marks that are open at the end of growing text as about to close."""
    end = len(state.pieces)
    for delimiter in state.delimiters:
        if delimiter.opens and len(state.text) - delimiter.position <= _CALM_MARK:
            state.pieces[delimiter.piece] = ""
            styles = {"~": ("strike",)}.get(delimiter.mark) or (
                ("em",) if delimiter.count == 1 else ("strong",) if delimiter.count == 2 else ("strong", "em")
            )
            state.spans += [Span(style, delimiter.piece + 1, end) for style in styles]
