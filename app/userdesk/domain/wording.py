"""Figures and outcomes in words, the same on the screen, in exports and in reports."""

from userdesk.domain.failure import Failure
from userdesk.domain.message import Message, Metrics, Role, Status
from userdesk.domain.safe_text import clean_line

MARKERS = {Role.USER: "❯", Role.ASSISTANT: "◆"}
"""What stands before a message, so that roles are told apart without colour."""
SERVER_COPY = "Userdesk keeps its own copy: it offers no way to delete it."
"""What is to be said wherever something is deleted."""
CONTINUED = "continued in a new conversation · only the message above is remembered"


def seconds(value: float) -> str:
    """A duration as people say it: `0.4 s`, `12 s`, `3 min 05 s`."""
    if value < 10:
        return f"{value:.1f} s"
    if value < 120:
        return f"{value:.0f} s"
    return f"{int(value // 60)} min {int(value % 60):02d} s"


def figures_line(metrics: Metrics, room: int = 80) -> str:
    """What an answer cost, in `room` cells: `0.4 s first text · 2.1 s · 312 chars · 149 chars/s`."""
    parts = [seconds(metrics.total), f"{metrics.characters:,} chars"]
    if metrics.characters and metrics.total > 0:
        parts.append(f"{metrics.characters / metrics.total:,.0f} chars/s")
    if metrics.first_text is not None:
        parts.insert(0, f"{seconds(metrics.first_text)} first text")
    while len(parts) > 1 and sum(map(len, parts)) + 3 * (len(parts) - 1) > room:
        del parts[-1 if parts[-1].endswith(("chars", "chars/s")) else 0]
    return " · ".join(parts)


def failure_line(status: Status, failure: Failure | None) -> str:
    """Why a turn came to nothing: `failed · 401 · Wrong API Key`."""
    word = "interrupted" if status is Status.INTERRUPTED else "failed"
    reason = clean_line(failure.headline) if failure else ""  # a transcript may be of anybody's making
    doubt = "may have been received" if failure and failure.may_have_arrived else ""
    return " · ".join(part for part in (word, reason, doubt) if part)


def outcome_line(message: Message) -> str:
    """How an answer ended and what it cost; empty where there is nothing to say."""
    metrics = figures_line(message.metrics) if message.metrics else ""
    match message.status:
        case Status.FAILED | Status.INTERRUPTED:
            return failure_line(message.status, message.failure)
        case Status.STOPPED:
            return f"stopped · {metrics}" if metrics else "stopped"
    return metrics
