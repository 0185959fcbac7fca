"""A conversation as one HTML page that looks like the screen: no script, nothing loaded from elsewhere."""

from collections.abc import Callable, Iterable, Iterator
from html import escape
from importlib.resources import files

from userdesk.domain.message import Message, Role
from userdesk.domain.timestamps import moment
from userdesk.domain.wording import CONTINUED, outcome_line
from userdesk.export.subject import Subject
from userdesk.files.addresses import is_openable
from userdesk.markdown.document import whole
from userdesk.markdown.layout.cells import cells, display, width_of
from userdesk.markdown.layout.plain import plain_layout
from userdesk.markdown.layout.rows import Row, Run

WIDTH = 98
"""Cells of a text column, as wide as the screen's in a large terminal."""
MARKERS = {Role.USER: "❯", Role.ASSISTANT: "◆"}
# Not even a hole in the escaping could load or run anything.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def html_of(subject: Subject) -> str:
    """The whole conversation as one page; it follows the reader's dark or light preference."""
    return "".join(_page(subject))


def _page(subject: Subject) -> Iterator[str]:
    title = escape(subject.title)
    style = (files("userdesk.export") / "page.css").read_text("utf-8")
    yield '<!doctype html>\n<html lang="">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
    yield '<meta name="referrer" content="no-referrer">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
    yield f"<header><h1>{title}</h1><p>{escape(' · '.join(_about(subject)))}</p></header>\n<main>\n"
    for message in subject.messages:
        yield from _message(message)
    yield "</main>\n</body>\n</html>\n"


def _about(subject: Subject) -> list[str]:
    conversation = subject.conversation
    about = [subject.chatbot, f"begun {moment(conversation.created)}"]
    if conversation.id:
        about.append(conversation.id)
    return [*about, "redacted"] if subject.is_redacted else about


def _message(message: Message) -> Iterator[str]:
    if message.conversation_id:
        yield f'<div class="divider">── {escape(CONTINUED)}</div>\n'
    role = message.role
    who = "You" if role is Role.USER else "Chatbot"
    yield f'<article class="{role.value}" aria-label="{who}" title="{moment(message.at)}">'
    yield f'<span class="mark" aria-hidden="true">{MARKERS[role]}</span><div class="body">'
    layout = plain_layout(message.text, WIDTH) if role is Role.USER else whole(message.text, WIDTH)
    for row in layout.rows:
        yield _row(row)
    yield "</div>"
    if role is Role.ASSISTANT and (outcome := outcome_line(message)):
        yield f'<div class="outcome {message.status.value}">{escape(outcome)}</div>'
        if message.failure and message.failure.detail:
            yield f'<div class="outcome">{escape(message.failure.detail)}</div>'
    yield "</article>\n"


def _row(row: Row) -> str:
    names = f"row {row.fill}" if row.fill else "row"
    # In prose what a narrower font leaves over is better at the end of the run than behind each word.
    drawn = (_run(run, _stretches if row.fill else lambda text: (text,)) for run in row.runs)
    return f'<div class="{escape(names)}">{"".join(drawn)}</div>'


def _run(run: Run, parts_of: Callable[[str], Iterable[str]]) -> str:
    text = "".join(map(_fitted, parts_of(display(run.text))))
    if not run.style and not run.href:
        return text
    attributes = f' class="{escape(run.style)}"' if run.style else ""
    if run.href and is_openable(run.href):
        return f'<a{attributes} href="{escape(run.href)}" rel="noopener noreferrer nofollow">{text}</a>'
    return f"<span{attributes}>{text}</span>"


def _stretches(text: str) -> Iterator[str]:
    """The text cut where its characters' width changes; marks without one stay with their letter."""
    if text.isascii():
        yield text
        return
    begin, width = 0, 0
    for at, character in enumerate(text):
        wide = width_of(character)
        if wide and width and wide != width:
            yield text[begin:at]
            begin = at
        width = wide or width
    yield text[begin:]


def _fitted(text: str) -> str:
    """Text in its cells: a browser's font need not give CJK and emoji two, and columns would stagger."""
    width = cells(text)
    if width == len(text):
        return escape(text)
    return f'<span class="wide" style="width:{width}ch">{escape(text)}</span>'
