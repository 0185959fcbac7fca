"""A conversation as Markdown: a heading for each message, answers as the chatbot wrote them."""

import re
from collections.abc import Iterator

from userdesk.domain.message import Message, Role
from userdesk.domain.plain_in_markdown import escaped
from userdesk.domain.timestamps import moment
from userdesk.domain.wording import CONTINUED, outcome_line
from userdesk.export.subject import Subject

_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})\s*(.*)")


def markdown_of(subject: Subject) -> Iterator[str]:
    """The whole conversation as one Markdown document."""
    yield f"# {escaped(subject.title)}\n\n{' · '.join(map(escaped, subject.about))}\n"
    for message in subject.messages:
        yield "".join([f"\n{part}\n" for part in _message(subject, message)])


def _message(subject: Subject, message: Message) -> list[str]:
    parts = [f"---\n\n*{CONTINUED}*"] if message.conversation_id else []
    if message.role is Role.USER:
        # Quoted, so that what was typed as plain text is told apart from what the chatbot wrote.
        quoted = "\n".join(f"> {escaped(line)}  " if line else ">" for line in message.text.split("\n"))
        return [*parts, f"## ❯ You · {moment(message.at)}", quoted]
    parts.append(f"## ◆ {escaped(subject.chatbot)} · {moment(message.at)}")
    if message.text:
        parts.append(_closed(message.text.strip("\n")))
    if outcome := outcome_line(message):
        parts.append(f"*{escaped(outcome)}*")
    return parts


def _closed(text: str) -> str:
    """An answer that broke off inside a code block gets the block's end, or it would swallow the rest."""
    if "```" not in text and "~~~" not in text:
        return text
    fence = ""
    for line in text.split("\n"):
        found = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if not found:
            continue
        if not fence:
            fence = found[1]
        elif found[1].startswith(fence) and not found[2]:
            fence = ""
    return f"{text}\n{fence}" if fence else text
