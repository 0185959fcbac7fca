"""A conversation as one HTML page with the screen's rows: no script, nothing loaded from elsewhere.

Rows are laid out as on the screen, but prose and code are left for the browser to wrap and to scroll.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import escape
from itertools import groupby

from userdesk.domain.message import Message, Role
from userdesk.domain.timestamps import moment
from userdesk.domain.wording import CONTINUED, MARKERS, outcome_line
from userdesk.export.looks import stylesheet
from userdesk.export.subject import Subject
from userdesk.files.addresses import is_openable
from userdesk.markdown.document import whole
from userdesk.markdown.layout.cells import WIDTHS, cells
from userdesk.markdown.layout.plain import plain_layout
from userdesk.markdown.layout.rows import Row, Run

UNWRAPPED = 1_000_000
"""Cells in which no line is wrapped; tables have a widest of their own."""
EMOJI_SELECTOR = "\ufe0f"
TABLE_BORDER = "table-border"
# Not even a hole in the escaping could load or run anything.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def html_of(subject: Subject) -> Iterator[str]:
    """The whole conversation as one page; it follows the reader's dark or light preference."""
    title = escape(subject.title)
    yield '<!doctype html>\n<html lang="">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
    yield '<meta name="referrer" content="no-referrer">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>{title}</title>\n<style>\n{stylesheet()}</style>\n</head>\n<body>\n"
    yield f"<header><h1>{title}</h1><p>{escape(' · '.join(subject.about))}</p></header>\n<main>\n"
    for message in subject.messages:
        yield "".join(_message(message, "You" if message.role is Role.USER else escape(subject.chatbot)))
    yield "</main>\n</body>\n</html>\n"


def _message(message: Message, who: str) -> Iterator[str]:
    if message.conversation_id:
        yield f'<p class="divider">── {escape(CONTINUED)}</p>\n'
    role = message.role
    yield f'<article class="{role.value}">\n<div class="said">'
    yield f'<span class="{role.value}-marker">{MARKERS[role]} {who}</span>'
    yield f"<time>{moment(message.at)}</time></div>\n"
    layout = (plain_layout if role is Role.USER else whole)(message.text, UNWRAPPED)
    for scrolls, rows in groupby(layout.rows, _scrolls):
        drawn = "".join(map(_row if scrolls is None else _row_in_cells, rows))
        names = f"scroll {scrolls}".rstrip()
        yield drawn if scrolls is None else f'<div class="{escape(names)}" tabindex="0">\n{drawn}</div>\n'
    if role is Role.ASSISTANT and (outcome := outcome_line(message)):
        yield f'<div class="outcome {message.status.value}">{escape(outcome)}</div>\n'
        if message.failure and message.failure.detail:
            yield f'<div class="outcome">{escape(message.failure.detail)}</div>\n'
    yield "</article>\n"


def _scrolls(row: Row) -> str | None:
    """The style of what keeps its columns and scrolls in itself, code or a table; None for prose."""
    return row.fill or ("" if any(run.style == TABLE_BORDER for run in row.runs) else None)


def _row(row: Row) -> str:
    """A line of prose, which the browser wraps beside its bullet or bar."""
    style = row.runs[row.prefix].style if len(row.runs) > row.prefix else ""
    level = re.match(r"heading(\d)", style)
    heading = f' role="heading" aria-level="{level[1]}"' if level else ""
    names = "row hanging" if row.prefix else "row"
    return f'<div class="{names}"{heading}>{_drawn(row, _as_it_is)}</div>\n'


def _row_in_cells(row: Row) -> str:
    return f'<div class="row">{_drawn(row, _in_cells)}</div>\n'


def _drawn(row: Row, in_place: Callable[[Run], str]) -> str:
    if not row.prefix:
        return "".join([_run(run, in_place) for run in row.runs])
    # Each in an element of its own, even a blank one: they are laid out beside one another.
    lead = "".join([f"<span{_class(run.style)}>{in_place(run)}</span>" for run in row.runs[: row.prefix]])
    text = "".join([_run(run, in_place) for run in row.runs[row.prefix :]])
    return f'<span class="lead">{lead}</span><span class="text">{text}</span>'


def _run(run: Run, in_place: Callable[[Run], str]) -> str:
    _text, style, href = run
    text = in_place(run)
    if not style and not href:
        return text
    if href and is_openable(href):
        return f'<a{_class(style)} href="{escape(href)}" rel="noopener noreferrer nofollow">{text}</a>'
    return f"<span{_class(style)}>{text}</span>"


@lru_cache  # of a few dozen
def _class(style: str) -> str:
    return f' class="{escape(style)}"' if style else ""


def _as_it_is(run: Run) -> str:
    return escape(run.text)


def _in_cells(run: Run) -> str:
    """Text in its cells, whatever width a browser's font has for CJK and emoji: columns stay columns."""
    text = run.text
    if run.style == TABLE_BORDER:
        return _box(text)
    if text.isascii() and text.isprintable():
        return escape(text)
    return "".join([escape(part) if cells(part) == len(part) else _box(part) for part in _stretches(text)])


def _stretches(text: str) -> Iterator[str]:
    """The text cut where its characters' width changes; what has none stays with the character before it."""
    begin, width = 0, 0
    for at, character in enumerate(text):
        wide = 2 if text.startswith(EMOJI_SELECTOR, at + 1) else WIDTHS[character]
        if wide and width and wide != width:
            yield text[begin:at]
            begin = at
        width = wide or width
    yield text[begin:]


@lru_cache(256)  # borders, mostly
def _box(text: str) -> str:
    return f'<span class="wide" style="width:{cells(text)}ch">{escape(text)}</span>'
