"""What stands under a bubble: figures, how its turn ended, and what can be done about it."""

import pytest

from userdesk.domain.failure import Failure, FailureKind, Recovery
from userdesk.domain.message import Message, Metrics, Role, Status, now
from userdesk.domain.verdict import Judgement, Verdict
from userdesk.domain.wording import CONTINUED
from userdesk.tui.message_log.annotations import (
    EVERYTHING,
    FOR_AUDIENCE,
    RECORDED,
    Annotations,
    divider_rows,
    live_line,
    mark_rows,
    recovery_words,
    role_row,
)
from userdesk.tui.message_log.conversation_view import LiveAnswer, ViewEntry

METRICS = Metrics(0.4, 2.0, 3000)
FIGURES = "0.4 s first text · 2.0 s · 3,000 chars · 1,500 chars/s"
WRONG_KEY = Failure(FailureKind.WRONG_KEY, status=401, detail="it was revoked")


def marks(
    entry: ViewEntry,
    *,
    is_last: bool = True,
    frame: int | None = 0,
    annotations: Annotations = EVERYTHING,
    width: int = 100,
) -> list[tuple[str, str]]:
    """The texts of the rows and their styles."""
    rows = mark_rows(entry, width, is_last=is_last, frame=frame, annotations=annotations)
    assert all(row.prefix == 1 == len(row.runs) for row in rows), "drawn, never copied"
    return [(row.text, row.runs[0].style) for row in rows]


FOR_VISITOR = Annotations(metrics=False, for_visitor=True)


def entry_of(role: Role = Role.ASSISTANT, **fields: object) -> ViewEntry:
    values = {"role": role, "text": "x", "at": now()} | fields
    return ViewEntry(Message(**values))  # type: ignore[arg-type]


def failed(failure: Failure | None, status: Status = Status.FAILED) -> ViewEntry:
    return entry_of(status=status, failure=failure, metrics=METRICS)


@pytest.mark.parametrize(
    ("remedy", "words", "demo_words"),
    [
        (Recovery.EDIT, "edit and resend", "edit and resend"),
        (Recovery.CONTINUE, "continue in a new conversation", "continue in a new conversation"),
        (Recovery.ENTER_KEY, "enter a key", "edit and resend"),
        (Recovery.CHANGE_KEY, "change the key", "edit and resend"),
        (Recovery.CHECK_CHATBOT, "check the chatbot", "edit and resend"),
        (Recovery.CHECK_ADDRESS, "check the chatbot's address and id", "edit and resend"),
        (Recovery.RETRY, "retry", "retry"),
        (Recovery.RETRY_LATER, "retry", "retry"),
    ],
)
def test_every_recovery_has_its_words(remedy: Recovery, words: str, demo_words: str) -> None:
    assert recovery_words(remedy, is_demo=False) == words
    assert recovery_words(remedy, is_demo=True) == demo_words


def live(elapsed: float, text: str = "", silent_for: float = 0.0) -> LiveAnswer:
    now_ = [0.0]
    answer = LiveAnswer(lambda: now_[0])
    if text:
        answer.add(text)
    now_[0] = elapsed
    answer.silent_for = silent_for
    return answer


@pytest.mark.parametrize(
    ("answer", "frame", "words"),
    [
        (live(1.25), 0, "⠋ waiting for the answer · 1.2 s"),
        (live(1.25), 13, "⠸ waiting for the answer · 1.2 s"),
        (live(12.0, "x" * 1234), 1, "⠙ 12 s · 1,234 chars"),
        (live(9.0, "x", 60.0), 2, "⠹ No answer for 60 s · still waiting · Esc stops"),
        (live(9.0, "", 60.0), None, "No answer for 60 s · still waiting · Esc stops"),
        (live(9.0), None, "waiting for the answer…"),
        (live(9.0, "x"), None, "answering…"),
    ],
)
def test_an_answer_under_way_says_how_far_it_is(answer: LiveAnswer, frame: int | None, words: str) -> None:
    assert live_line(answer, frame, "Esc") == words
    entry = ViewEntry(Message(role=Role.ASSISTANT, text="", at=now()), live=answer)
    assert marks(entry, frame=frame, annotations=Annotations(stop_key="Esc")) == [(words, "figures")]


def test_before_an_audience_an_answer_under_way_shows_no_figures() -> None:
    message = Message(role=Role.ASSISTANT, text="", at=now())
    awaited, coming = (ViewEntry(message, live=live(5.0, text)) for text in ("", "x"))
    for frame, words in {0: "⠋", 9: "⠏", 10: "⠋", 3: "⠸", None: "answering…"}.items():
        assert marks(awaited, frame=frame, annotations=FOR_AUDIENCE) == [(words, "figures")]
    assert marks(coming, frame=3, annotations=FOR_AUDIENCE) == [], "nothing moves beside what is read"
    assert marks(coming, frame=None, annotations=FOR_AUDIENCE) == [("answering…", "figures")]


NOTHING_RECORDED = "◌ no answer saved · may have been received"


@pytest.mark.parametrize(
    ("entry", "is_last", "annotations", "wanted"),
    [
        (entry_of(Role.USER), False, EVERYTHING, []),
        (entry_of(Role.USER), True, RECORDED, [(NOTHING_RECORDED, "failed")]),
        (
            entry_of(Role.USER),
            True,
            EVERYTHING,
            [(f"{NOTHING_RECORDED} · Ctrl+R send again", "failed")],
        ),
        (entry_of(), True, EVERYTHING, []),
        (entry_of(metrics=METRICS), False, EVERYTHING, [(FIGURES, "figures")]),
        (entry_of(metrics=METRICS), True, FOR_AUDIENCE, []),
        (entry_of(status=Status.STOPPED), True, EVERYTHING, [("■ stopped", "stopped")]),
        (
            entry_of(status=Status.STOPPED, metrics=METRICS),
            True,
            EVERYTHING,
            [(f"■ stopped · {FIGURES}", "stopped")],
        ),
        (
            entry_of(status=Status.STOPPED, metrics=METRICS),
            True,
            FOR_AUDIENCE,
            [("■ stopped", "stopped")],
        ),
        (
            failed(WRONG_KEY),
            True,
            EVERYTHING,
            [
                ("✗ failed · 401 · Wrong API Key", "failed"),
                ("  it was revoked", "figures"),
                ("  Ctrl+R change the key", "figures"),
            ],
        ),
        (
            failed(WRONG_KEY),
            True,
            Annotations(remedy_key="F5", is_demo=True),
            [
                ("✗ failed · 401 · Wrong API Key", "failed"),
                ("  it was revoked", "figures"),
                ("  F5 edit and resend", "figures"),
            ],
        ),
        (
            failed(WRONG_KEY),
            False,
            EVERYTHING,
            [("✗ failed · 401 · Wrong API Key", "failed"), ("  it was revoked", "figures")],
        ),
        (failed(WRONG_KEY), True, FOR_AUDIENCE, [("✗ failed · 401 · Wrong API Key", "failed")]),
        (
            failed(WRONG_KEY),
            True,
            FOR_VISITOR,
            [("✗ failed · 401 · Wrong API Key", "failed"), ("  Tell whoever invited you", "figures")],
        ),
        (
            failed(None),
            True,
            FOR_VISITOR,
            [("✗ failed", "failed"), ("  Ctrl+R retry", "figures")],
        ),
        (
            failed(None, Status.INTERRUPTED),
            True,
            EVERYTHING,
            [("✗ interrupted", "failed"), ("  Ctrl+R retry", "figures")],
        ),
        (failed(None), False, EVERYTHING, [("✗ failed", "failed")]),
    ],
)
def test_a_bubble_says_how_its_turn_ended_and_what_helps(
    entry: ViewEntry, is_last: bool, annotations: Annotations, wanted: list[tuple[str, str]]
) -> None:
    assert marks(entry, is_last=is_last, annotations=annotations) == wanted


def test_a_message_that_waits_or_is_answered_elsewhere_offers_nothing() -> None:
    entry = entry_of(Role.USER)
    entry.elsewhere = True
    assert marks(entry) == [("◌ the answer is arriving in another window", "figures")]
    assert marks(entry, is_last=False) == []
    entry.waiting = True
    assert marks(entry) == marks(entry, is_last=False) == [("◌ waiting to be sent", "figures")]


def test_a_servers_detail_is_one_safe_line_that_says_something_new() -> None:
    long = failed(Failure(FailureKind.SERVER_ERROR, detail="a\x1b[31m\nb " + "x" * 300))
    (_, (detail, _), _) = marks(long, width=200)
    assert detail.startswith("  a�[31m b xxx") and len(detail) == 162 and detail.endswith("…")


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (66, "■ stopped · 0.4 s first text · 2.0 s · 3,000 chars · 1,500 chars/s"),
        (65, "■ stopped · 0.4 s first text · 2.0 s · 3,000 chars"),
        (49, "■ stopped · 0.4 s first text · 2.0 s"),
        (35, "■ stopped · 2.0 s"),
    ],
)
def test_figures_are_one_row_and_what_matters_least_goes_first(width: int, words: str) -> None:
    rows = marks(entry_of(status=Status.STOPPED, metrics=METRICS), width=width)
    assert rows == [(words, "stopped")]
    assert [text for text, _ in marks(entry_of(metrics=METRICS), width=8)] == ["2.0 s"]


def test_marks_are_wrapped_under_their_words() -> None:
    rows = marks(failed(Failure(FailureKind.WRONG_KEY, "Wrong API Key", status=401)), width=20)
    assert rows[0][0].startswith("✗ ") and rows[1][0].startswith("  ")
    assert all(len(text) <= 20 for text, _ in rows)


def test_who_speaks_can_be_said_in_words() -> None:
    for role, words, style in (
        (Role.USER, "You:", "user-marker"),
        (Role.ASSISTANT, "Chatbot:", "assistant-marker"),
    ):
        row = role_row(role)
        assert (row.text, row.runs[0].style, row.prefix) == (words, style, 1)


def test_a_divider_says_where_a_conversation_goes_on_under_another_id() -> None:
    *rows, blank = divider_rows(200)
    assert [(row.text, row.runs[0].style) for row in rows] == [(f"── {CONTINUED}"[: 3 + 200], "divider")]
    assert blank.text == ""
    narrow = divider_rows(20)
    assert len(narrow) > 3 and narrow[1].text.startswith("   ") and max(row.cells for row in narrow) <= 20


def judged(verdict: Verdict | None, note: str = "", **fields: object) -> ViewEntry:
    entry = entry_of(**fields)
    entry.judgement = Judgement(verdict, note, now())
    return entry


@pytest.mark.parametrize(
    ("entry", "width", "wanted"),
    [
        (judged(Verdict.GOOD, metrics=METRICS), 100, [(f"✓ good · {FIGURES}", "verdict")]),
        (judged(Verdict.BAD, "too dear"), 100, [("✗ bad · too dear", "verdict")]),
        (judged(None, "too\x1b[31m dear"), 100, [("note · too�[31m dear", "verdict")]),
        (judged(None), 100, []),
        (judged(Verdict.BAD, "长" * 20, metrics=METRICS), 60, [(f"✗ bad · {'长' * 20} · 2.0 s", "verdict")]),
        (
            judged(Verdict.BAD, "a note that needs the row for itself", metrics=METRICS),
            46,
            [
                ("✗ bad · a note that needs the row for itself", "verdict"),
                ("0.4 s first text · 2.0 s · 3,000 chars", "figures"),
            ],
        ),
        (
            judged(Verdict.GOOD, status=Status.STOPPED, metrics=METRICS),
            60,
            [("■ stopped · ✓ good · 0.4 s first text · 2.0 s · 3,000 chars", "stopped")],
        ),
        (
            judged(Verdict.BAD, "cut", status=Status.INTERRUPTED, failure=None),
            60,
            [("✗ interrupted", "failed"), ("  Ctrl+R retry", "figures"), ("✗ bad · cut", "verdict")],
        ),
    ],
)
def test_what_is_said_of_an_answer_stands_before_its_figures(
    entry: ViewEntry, width: int, wanted: list[tuple[str, str]]
) -> None:
    assert marks(entry, width=width) == wanted


def test_an_audience_does_not_see_what_is_said_of_an_answer() -> None:
    assert marks(judged(Verdict.BAD, "a secret"), annotations=FOR_AUDIENCE) == []
