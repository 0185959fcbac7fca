"""Scans a text for inline marks."""

import re

from userdesk.domain.safe_text import clean
from userdesk.markdown.layout.styling import Span
from userdesk.markdown.parse.addresses import BARE, bare_address, bare_end, may_have_bare
from userdesk.markdown.parse.characters import is_cjk
from userdesk.markdown.parse.emphasis import Delimiter, flanks
from userdesk.markdown.parse.formulas import (
    CLOSING,
    REACH,
    formula_end,
    is_becoming,
    is_formula,
    may_be_formula,
)
from userdesk.markdown.parse.html_tags import take_tag
from userdesk.markdown.parse.links import close_bracket
from userdesk.markdown.parse.references import PUNCTUATION, entity
from userdesk.markdown.parse.scan import LINK_REACH, MARK_REACH, Bracket, Scan

TOKEN = re.compile(r"([\\`*_~\[\]<&$\n])(?:(?<=[`*_~$])\1+)?")
"""Where a text may be more than text."""

_ESCAPABLE = re.compile(f"[{PUNCTUATION}]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_AUTOLINK = re.compile(
    r"<(?:([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\x00-\x20<>]*)"
    r"|([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*))>"
)
_TICKS = re.compile("`+")


def run(scan: Scan) -> None:
    """Scan the text to its end, or to what is held back."""
    text, pieces = scan.text, scan.pieces
    bare = BARE.finditer(text) if may_have_bare(text) else iter(())
    address = next(bare, None)
    token = TOKEN.search(text)
    at, size = 0, len(text)
    while at < size:
        if token and token.start() < at:
            token = TOKEN.search(text, at)
        start = token.start() if token else size
        while address and address.start() < at:
            address = next(bare, None)
        if address and address.start() < start:
            begin, end = address.start(), bare_end(text, address.start(), address.end())
            address = next(bare, None)
            if end > begin and not _is_behind_word(text, begin):
                if begin > at:
                    pieces.append(text[at:begin])
                scan.add_link(text[begin:end], bare_address(text[begin:end]))
                at = end
                continue
        mark = token[0] if token else ""
        if mark == "[" and start > at and text[start - 1] == "!":
            start, mark = start - 1, "!["
        if start > at:
            pieces.append(text[at:start])
        if not mark:
            break
        at = close_bracket(scan, start) if mark == "]" else _take(scan, mark, start)


def _take(scan: Scan, mark: str, start: int) -> int:
    """Take one token; where the scan goes on."""
    text, pieces = scan.text, scan.pieces
    first = mark[0]
    end = start + len(mark)
    if first == "\n":
        scan.add_break(start)
    elif first == "*" or first == "_" or (first == "~" and len(mark) == 2):
        opens, closes = flanks(text, start, end)
        if opens or closes:
            scan.delimiters.append(Delimiter(first, len(mark), len(pieces), opens, closes, len(mark), end))
        pieces.append(mark)
    elif first == "`":
        return _code(scan, mark, start)
    elif first == "\\":
        following = text[end : end + 1]
        if following in ("(", "[") and (behind := _formula(scan, mark + following, start)):
            return behind
        if following and _ESCAPABLE.match(following):
            pieces.append(following)
            return end + 1
        if following != "\n":
            pieces.append(mark)
    elif first == "$" and len(mark) <= 2 and (behind := _formula(scan, mark, start)):
        return behind
    elif mark in ("[", "!["):
        image, delimiters, spans = mark == "![", len(scan.delimiters), len(scan.spans)
        scan.brackets.append(Bracket(len(pieces), start, end, image, delimiters, spans))
        pieces.append(mark)
        if scan.holds and len(text) - start <= LINK_REACH and "]" not in text[end:]:
            scan.held = start
            return len(text)
    elif first == "<" and (match := _AUTOLINK.match(text, start)):
        scan.add_link(match[1] or match[2], match[1] or "mailto:" + match[2])
        return match.end()
    elif first == "<" and (behind := take_tag(scan, start)):
        return behind
    elif first == "&" and (match := _ENTITY.match(text, start)):
        pieces.append(re.sub(r"[\n\t]", " ", clean(entity(match[0]))))
        return match.end()
    else:
        pieces.append(mark)
    return end


def _formula(scan: Scan, mark: str, start: int) -> int:
    """Take the formula that the mark begins; where the scan goes on, 0 where it begins none."""
    text = scan.text
    if mark in scan.unclosed:
        return 0
    if end := formula_end(text, start, mark):
        scan.solid.append((start, end))
        scan.add_verbatim("math", text[start:end])
        return end
    if CLOSING[mark] in text[start + len(mark) :] or (mark == "$" and start and text[start - 1].isalnum()):
        return 0
    inner = text[start + len(mark) :]
    if mark != "$" or is_formula(inner):
        scan.loose.append(start)
        scan.unclosed.add(mark)
    if not scan.tentative or "\n" in inner or (mark == "$" and inner[:1] == " "):
        return 0
    if is_becoming(inner):
        scan.add_verbatim("math", text[start:])
        return len(text)
    if scan.holds and len(inner) <= REACH and may_be_formula(inner):
        scan.held = start
        return len(text)
    return 0


def _is_behind_word(text: str, at: int) -> bool:
    """Whether a letter or digit stands right before, of a script that puts spaces between words."""
    return at > 0 and text[at - 1].isalnum() and not is_cjk(text[at - 1])


def _code(scan: Scan, mark: str, start: int) -> int:
    text, size = scan.text, len(mark)
    if scan.ticks is None:
        scan.ticks = {}
        for match in reversed(list(_TICKS.finditer(text))):
            scan.ticks.setdefault(match.end() - match.start(), []).append(match.start())
    ends = scan.ticks.get(size, [])
    while ends and ends[-1] <= start:
        ends.pop()
    end = start + size
    is_near = scan.tentative and len(text) - end <= MARK_REACH
    if ends:
        code, behind = text[end : ends[-1]], ends[-1] + size
    elif is_near and text[end : end + 1] != " " and not _is_behind_word(text, start):
        code, behind = text[end:], len(text)
    else:
        scan.loose.append(start)
        scan.pieces.append(mark)
        return end
    scan.solid.append((start, behind))
    code = code.replace("\n", " ")
    if len(code) > 2 and code[0] == code[-1] == " " and not code.isspace():
        code = code[1:-1]
    scan.spans.append(Span("code", len(scan.pieces), len(scan.pieces) + 1))
    scan.pieces.append(code)
    return behind
