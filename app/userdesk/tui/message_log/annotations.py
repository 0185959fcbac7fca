"""The dim lines under a bubble: figures, and how a turn ended."""

from typing import NamedTuple

from userdesk.domain.failure import ASK_FOR_ACCESS, Recovery
from userdesk.domain.message import Message, Role, Status
from userdesk.domain.safe_text import clean_line
from userdesk.domain.wording import CONTINUED, failure_line, figures_line, seconds
from userdesk.markdown.layout.cells import cells
from userdesk.markdown.layout.plain import plain_layout
from userdesk.markdown.layout.rows import Row, Run
from userdesk.tui.message_log.conversation_view import LiveAnswer, ViewEntry

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"

EDGE = Row((), 0, 0, 0, "")
"""A row of ground above and below what the user said; half blocks leave gaps or lines in many fonts."""
RECOVERY_WORDS = {
    Recovery.EDIT: "edit and resend",
    Recovery.CONTINUE: "continue in a new conversation",
    Recovery.ENTER_KEY: "enter a key",
    Recovery.CHANGE_KEY: "change the key",
    Recovery.CHECK_CHATBOT: "check the chatbot",
    Recovery.CHECK_ADDRESS: "check the chatbot's address and id",
    Recovery.RETRY: "retry",
    Recovery.RETRY_LATER: "retry",
}
TELL_HOST = "Tell whoever invited you"
"""What a visitor can do where a key or another setting of the chatbot may be wrong."""


def recovery_words(recovery: Recovery, *, is_demo: bool) -> str:
    """What Ctrl+R does about a failure; of the demo chatbot's access only another message can help."""
    return RECOVERY_WORDS[Recovery.EDIT if is_demo and recovery in ASK_FOR_ACCESS else recovery]


def live_line(live: LiveAnswer, frame: int | None, stop_key: str) -> str:
    """What is known of an answer under way; `frame` picks the spinner's shape, None for stillness."""
    spinner = "" if frame is None else f"{SPINNER[frame % len(SPINNER)]} "
    if live.silent_for:
        stops = f" · {stop_key} stops" if stop_key else ""
        return f"{spinner}No answer for {live.silent_for:.0f} s · still waiting{stops}"
    if frame is None:
        return "answering…" if live.characters else "waiting for the answer…"
    if live.first_text is None:
        return f"{spinner}waiting for the answer · {seconds(live.elapsed)}"
    return f"{spinner}{seconds(live.elapsed)} · {live.characters:,} chars"


Mark = tuple[str, str, str]
"""A sign of two cells or none, words, and the name of their style."""


class Annotations(NamedTuple):
    """What is said beside the messages and how a turn ended."""

    metrics: bool = True
    """Times, sizes and the server's own words."""
    remedy_key: str = "Ctrl+R"
    """What does something about a failure; empty where no key does."""
    stop_key: str = ""
    """What stops an answer."""
    follow_key: str = ""
    """What leads to new text below the view."""
    is_demo: bool = False
    """Whether the chatbot is the embedded one, which has no key and no address that could be wrong."""
    times: bool = False
    """When each message was sent or came, at the right of its first row."""
    gap: int = 1
    """Empty rows below a message, where the screen has room for more than one."""
    for_visitor: bool = False
    """Whether keys and settings are somebody else's."""


EVERYTHING = Annotations()
FOR_AUDIENCE = Annotations(metrics=False, remedy_key="", gap=2)
RECORDED = Annotations(remedy_key="", times=True)
"""Of a turn that is shown again: nothing can be done about it here."""


def mark_rows(
    entry: ViewEntry, width: int, *, is_last: bool, frame: int | None, annotations: Annotations = EVERYTHING
) -> list[Row]:
    """The rows under a bubble's text: drawn, never copied."""
    return [row for mark in _marks(entry, width, is_last, frame, annotations) for row in _rows(mark, width)]


def role_row(role: Role) -> Row:
    """Who speaks, as a word, for those to whom a marker says nothing (accessible mode)."""
    words = "You:" if role is Role.USER else "Chatbot:"
    return Row((Run(words, f"{role}-marker"),), 1, 0, 0, "")


def divider_rows(width: int) -> list[Row]:
    """Where a conversation goes on under another id."""
    return [*_rows(("── ", CONTINUED, "divider"), width), Row((), 0, 0, 0, "")]


def _marks(
    entry: ViewEntry, width: int, is_last: bool, frame: int | None, annotations: Annotations
) -> list[Mark]:
    message = entry.message
    if entry.live:
        if annotations.metrics:
            return [("", live_line(entry.live, frame, annotations.stop_key), "figures")]
        if frame is None:
            return [("", "answering…", "figures")]
        return [] if entry.live.characters else [("", SPINNER[frame % len(SPINNER)], "figures")]
    if message.role is Role.USER:
        if entry.waiting:
            return [("◌ ", "waiting to be sent", "figures")]
        if is_last and entry.elsewhere:
            return [("◌ ", "the answer is arriving in another window", "figures")]
        if is_last:
            offer = f" · {annotations.remedy_key} send again" if annotations.remedy_key else ""
            return [("◌ ", f"no answer saved · may have been received{offer}", "failed")]
        return []
    judgement = entry.judgement if annotations.metrics else None
    judged = judgement.headline if judgement and judgement.kinds else ""
    if message.status in (Status.FAILED, Status.INTERRUPTED):
        said = [("", judged, "verdict")] if judged else []
        return [*_failure_marks(message, is_last, annotations), *said]
    is_stopped = message.status is Status.STOPPED
    sign, style = ("■ ", "stopped") if is_stopped else ("", "verdict" if judged else "figures")
    words = " · ".join(filter(None, ("stopped" if is_stopped else "", judged)))
    if not (message.metrics and annotations.metrics):
        return [(sign, words, style)] if words else []
    room = width - cells(f"{sign}{words} · ") if words else width
    figures = figures_line(message.metrics, room)
    if words and cells(figures) > room:
        return [(sign, words, style), ("", figures_line(message.metrics, width), "figures")]
    return [(sign, " · ".join(filter(None, (words, figures))), style)]


def _failure_marks(message: Message, is_last: bool, annotations: Annotations) -> list[Mark]:
    failure = message.failure
    found = [("✗ ", failure_line(message.status, failure), "failed")]
    if annotations.metrics and failure and failure.detail and failure.detail.rstrip(".") != failure.message:
        found.append(("  ", clean_line(failure.detail, 160), "figures"))
    if is_last and annotations.remedy_key:
        recovery = failure.recovery if failure else Recovery.RETRY
        words = recovery_words(recovery, is_demo=annotations.is_demo)
        is_hosts = annotations.for_visitor and not annotations.is_demo and recovery in ASK_FOR_ACCESS
        found.append(("  ", TELL_HOST if is_hosts else f"{annotations.remedy_key} {words}", "figures"))
    return found


def _rows(mark: Mark, width: int) -> list[Row]:
    sign, words, style = mark
    rows = []
    for line in plain_layout(words, max(4, width - len(sign))).rows:
        rows.append(Row((Run(sign + line.text, style),), 1, 0, 0, ""))
        sign = " " * len(sign)
    return rows
