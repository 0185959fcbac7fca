"""A bubble's rows: divider, speaker, text, marks, in this order; and which bubbles are kept."""

from datetime import UTC, datetime

import pytest
from textual.strip import Strip

from userdesk.domain.chatbot import ApiKey
from userdesk.domain.message import Message, Metrics, Role, Status, now
from userdesk.domain.timestamps import BEGINNING
from userdesk.tui.message_log.annotations import EDGE, EVERYTHING, FOR_AUDIENCE, Annotations
from userdesk.tui.message_log.bubble import BLANK, Bubble
from userdesk.tui.message_log.bubbles import KEPT, PAINTED, Bubbles
from userdesk.tui.message_log.conversation_view import ConversationView, LiveAnswer, ViewEntry
from userdesk.tui.message_log.lines import Line
from userdesk.tui.message_log.viewport import Place

METRICS = Metrics(0.4, 2.0, 100)


def entry_of(text: str, role: Role = Role.ASSISTANT, **fields: object) -> ViewEntry:
    return ViewEntry(Message(**({"role": role, "text": text, "at": now()} | fields)))  # type: ignore[arg-type]


def rows(bubble: Bubble) -> list[str]:
    return [bubble.row(number).text for number in range(len(bubble))]


def laid_out(entry: ViewEntry, width: int = 40, *, is_last: bool = False, frame: int | None = 0) -> Bubble:
    bubble = Bubble(entry, 0)
    assert bubble.lay_out(width, is_last=is_last, frame=frame) == len(bubble)
    return bubble


def test_a_users_message_is_shown_as_it_was_typed() -> None:
    bubble = laid_out(entry_of("# not *Markdown*\n\nsafe\x1b", Role.USER))
    assert rows(bubble) == ["# not *Markdown*", "", "safe�", ""]
    assert bubble.document is None
    assert bubble.source == "# not *Markdown*\n\nsafe�"
    assert bubble.role is Role.USER


def test_an_answers_markdown_is_laid_out() -> None:
    bubble = laid_out(entry_of("**bold** [x]\n\n[x]: http://a.example"))
    assert rows(bubble)[0] == "bold x (http://a.example)"
    assert {run.href for run in bubble.row(0).runs} == {"", "http://a.example"}
    assert bubble.document is not None and bubble.source.startswith("**bold**")


def test_rows_stand_in_their_order_and_know_what_they_are() -> None:
    entry = entry_of("a\n\nb", conversation_id="c2", status=Status.STOPPED, metrics=METRICS)
    bubble = laid_out(entry, 200, frame=None)
    assert [row[:8] for row in rows(bubble)] == ["── conti", "", "Chatbot:", "a", "", "b", "■ stoppe", ""]
    assert [bubble.is_body(number) for number in range(8)] == [*[False] * 3, *[True] * 3, *[False] * 2]
    assert bubble.first_body_row == 3
    assert bubble.row(7) is BLANK
    assert list(bubble.lines()) == [0, 1, 2]
    assert [bubble.line_part(line, 0, 10**9)[1] for line in range(4)] == ["a", "", "b", ""]


def test_without_a_divider_and_a_speaker_the_text_comes_first() -> None:
    assert laid_out(entry_of("a")).first_body_row == 0
    assert laid_out(entry_of("a"), frame=None).first_body_row == 1


def test_what_the_user_said_has_edges_an_answer_has_none() -> None:
    asked, answered = Bubble(entry_of("a", Role.USER), 0), Bubble(entry_of("a"), 1)
    assert asked.lay_out(20, is_last=False, frame=0, edged=True) == 4
    assert asked.row(0) is asked.row(2) is EDGE
    assert (asked.first_body_row, asked.is_body(0), asked.is_body(2)) == (1, False, False)
    assert asked.lay_out(20, is_last=False, frame=0, edged=False) == 2
    assert laid_out(entry_of("a", Role.USER), frame=None).first_body_row == 1, "words instead of signs"
    assert answered.lay_out(20, is_last=False, frame=0, edged=True) == 2


def test_for_an_audience_there_is_more_air_below_messages_where_there_is_room() -> None:
    bubble = Bubble(entry_of("a"), 0, FOR_AUDIENCE)
    assert bubble.lay_out(20, is_last=False, frame=0, edged=True) == 3
    assert bubble.row(1) is bubble.row(2) is BLANK
    assert bubble.lay_out(20, is_last=False, frame=0, edged=False) == 2


def test_bubbles_are_made_anew_for_other_annotations() -> None:
    bubbles = Bubbles()
    bubbles.show(ConversationView([]))
    bubbles.view.add(entry_of("a").message)  # type: ignore[union-attr]
    made = bubbles[0]
    bubbles.annotations = EVERYTHING
    assert bubbles[0] is made
    bubbles.annotations = FOR_AUDIENCE
    assert bubbles[0] is not made


def test_a_message_has_its_time_where_times_are_asked_for() -> None:
    entry = entry_of("a")
    assert Bubble(entry, 0).time == ""
    assert Bubble(entry, 0, Annotations(times=True)).time == f"{entry.message.at.astimezone():%H:%M}"
    entry.waiting = True
    assert Bubble(entry, 0, Annotations(times=True)).time == ""


@pytest.mark.parametrize("at", [datetime.min, BEGINNING, datetime.max])
def test_a_message_whose_time_is_not_known_has_none(at: datetime) -> None:
    entry = ViewEntry(Message(role=Role.USER, text="a", at=at.replace(tzinfo=UTC)))
    assert Bubble(entry, 0, Annotations(times=True)).time == ""


def test_a_bubble_that_was_not_laid_out_has_no_rows() -> None:
    bubble = Bubble(entry_of("a"), 3)
    assert (len(bubble), len(bubble.lines()), bubble.line_part(0, 0, 10**9)[1], bubble.index) == (0, 0, "", 3)
    assert (bubble.row_of(0, 0), bubble.is_body(0)) == (0, False)


@pytest.mark.parametrize(
    ("line", "offset", "row"),
    [(0, 0, 1), (0, 9, 1), (0, 10, 2), (0, 19, 2), (1, 0, 3), (1, 99, 3), (2, 0, 4), (9, 0, 4)],
)
def test_a_character_is_found_in_the_row_that_shows_it(line: int, offset: int, row: int) -> None:
    bubble = laid_out(entry_of("x" * 20 + "\n\nb", Role.USER), 10, frame=None)
    assert rows(bubble) == ["You:", "x" * 10, "x" * 10, "", "b", ""]
    assert bubble.row_of(line, offset) == row


def test_what_is_last_offers_what_helps_and_what_follows_takes_that_away() -> None:
    bubble = Bubble(entry_of("a", Role.USER), 0)
    assert bubble.lay_out(90, is_last=True, frame=0) == 3
    assert "no answer saved" in rows(bubble)[1]
    bubble.painted[0] = bubble.painted[1] = None  # type: ignore[assignment]
    assert bubble.lay_out(90, is_last=True, frame=0) == 3 and len(bubble.painted) == 2
    assert bubble.lay_out(90, is_last=False, frame=0) == 2
    assert rows(bubble) == ["a", ""] and not bubble.painted


def live_bubble(text: str) -> tuple[Bubble, LiveAnswer]:
    live = LiveAnswer(lambda: 0.0)
    live.add(text)
    return Bubble(ViewEntry(Message(role=Role.ASSISTANT, text="", at=now()), live=live), 0), live


def test_a_live_bubble_grows_and_keeps_what_was_painted_above() -> None:
    bubble, live = live_bubble("one\n\ntwo")
    bubble.lay_out(60, is_last=True, frame=0)
    assert rows(bubble) == ["one", "", "two", "⠋ 0.0 s · 8 chars", ""]
    bubble.painted.update(dict.fromkeys(range(5)))  # type: ignore[arg-type]
    live.add(" three\n\nfour")
    bubble.lay_out(60, is_last=True, frame=0)
    assert rows(bubble)[:5] == ["one", "", "two three", "", "four"]
    assert set(bubble.painted) == {0, 1}


def test_the_spinner_moves_without_the_text() -> None:
    bubble, _ = live_bubble("one")
    bubble.lay_out(60, is_last=True, frame=0)
    bubble.painted.update(dict.fromkeys(range(3)))  # type: ignore[arg-type]
    bubble.lay_out(60, is_last=True, frame=1)
    assert rows(bubble) == ["one", "⠙ 0.0 s · 3 chars", ""]
    assert set(bubble.painted) == {0}


def test_the_figures_turn_with_the_spinner_and_keep_their_line_until_then() -> None:
    bubble, live = live_bubble("one")
    bubble.lay_out(60, is_last=True, frame=0)
    bubble.painted.update({0: "one", 1: "figures", 2: ""})  # type: ignore[dict-item]
    live.add("\n\ntwo")
    bubble.lay_out(60, is_last=True, frame=0)
    assert rows(bubble) == ["one", "", "two", "⠋ 0.0 s · 3 chars", ""]
    assert bubble.painted == {0: "one", 3: "figures"}
    bubble.lay_out(60, is_last=True, frame=1)
    assert rows(bubble)[3] == "⠙ 0.0 s · 8 chars"
    assert 3 not in bubble.painted


def test_an_answer_that_ended_keeps_its_document_and_loses_its_spinner() -> None:
    bubble, _ = live_bubble("one [x]\n\n[x]: http://a.exam")
    bubble.lay_out(60, is_last=True, frame=0)
    document = bubble.document
    bubble.replace(entry_of("one [x]\n\n[x]: http://a.example", metrics=METRICS))
    bubble.lay_out(60, is_last=True, frame=0)
    assert bubble.document is document and not bubble.painted
    bubble.painted[0] = None  # type: ignore[assignment]
    bubble.finish()
    assert not bubble.painted
    bubble.lay_out(60, is_last=True, frame=0)
    assert rows(bubble)[0] == "one x (http://a.example)" and {run.href for run in bubble.row(0).runs} == {
        "",
        "http://a.example",
    }
    assert "chars/s" in rows(bubble)[-2]


def test_an_answer_that_ended_otherwise_than_it_came_is_read_anew() -> None:
    bubble, _ = live_bubble("one two")
    bubble.lay_out(60, is_last=True, frame=0)
    bubble.replace(entry_of("another"))
    bubble.lay_out(60, is_last=True, frame=0)
    assert rows(bubble) == ["another", ""]
    bubble.replace(entry_of("another", metrics=METRICS))
    bubble.lay_out(60, is_last=True, frame=0)
    assert len(bubble) == 3


def view_of(count: int) -> ConversationView:
    view = ConversationView([])  # type: ignore[arg-type]
    for number in range(count):
        view.add(entry_of(f"m{number}", Role.USER).message)
    return view


def test_bubbles_are_made_when_asked_for_and_stay() -> None:
    made = Bubbles()
    assert list(made.estimates(10)) == []
    made.show(view_of(5))
    assert made.known(2) is None
    bubble = made[2]
    assert (made[2], made.known(2), list(made)) == (bubble, bubble, [bubble])
    assert (bubble.index, bubble.source) == (2, "m2")
    made.drop_from(3)
    assert made.known(2) is bubble
    made.drop_from(2)
    assert made.known(2) is None
    first = made[0]
    made.show(view_of(1))
    assert made[0] is not first


def test_only_the_last_message_is_laid_out_as_the_last_one() -> None:
    made = Bubbles()
    made.show(view_of(2))
    assert made.lay_out(0, 60, 0) == 2
    assert made.lay_out(1, 90, 0) == 3
    made.annotations = FOR_AUDIENCE
    made.show(view_of(1))
    made.lay_out(0, 60, 0)
    assert "Ctrl+R" not in "".join(rows(made[0]))


def test_heights_never_measured_are_estimated_from_sizes() -> None:
    made = Bubbles()
    view = ConversationView([])  # type: ignore[arg-type]
    for size in (1, 10, 35):
        view.add(entry_of("x" * size).message)
    made.show(view)
    assert list(made.estimates(10)) == [3, 4, 6]


def test_of_many_bubbles_those_far_from_the_view_are_dropped() -> None:
    made = Bubbles()
    made.show(view_of(200))
    for index in range(KEPT):
        made[index]
    made.drop_far_from(Place(20, 0), Place(25, 3), None)
    assert len(list(made)) == KEPT
    made[KEPT]
    made.drop_far_from(Place(20, 0), Place(25, 3), chosen=0)
    kept = sorted(bubble.index for bubble in made)
    assert kept[0] == 0 and kept[1:] == [*range(kept[1], kept[-1] + 1)] and kept[1] < 20 and kept[-1] > 25
    assert len(kept) <= KEPT // 2 + 1
    made.show(view_of(200))
    for index in range(KEPT + 1):
        made[index]
    made.drop_far_from(Place(0, 0), Place(KEPT, 0), None)
    assert len(list(made)) == KEPT + 1, "what is in view is never dropped"


def test_of_many_painted_rows_those_out_of_view_are_dropped() -> None:
    made, line = Bubbles(), Line(Strip([]), 0)
    made.show(view_of(3))
    for index in range(3):
        made[index].painted = dict.fromkeys(range(PAINTED // 3), line)
    made.drop_far_from(Place(1, 10), Place(1, 20), None)
    assert [len(bubble.painted) for bubble in made] == [PAINTED // 3] * 3
    made[2].painted |= dict.fromkeys(range(PAINTED), line)
    made.drop_far_from(Place(0, 90), Place(1, 20), None)
    assert [list(bubble.painted) for bubble in made] == [[*range(90, PAINTED // 3)], [*range(21)], []]


def test_bubbles_are_made_anew_when_a_key_becomes_known() -> None:
    made = Bubbles()
    view = ConversationView([])  # type: ignore[arg-type]
    view.add(entry_of("sk-**0123**456789").message)
    made.show(view)
    made.lay_out(0, 60, 0)
    made.drop_outdated()
    assert rows(made[0])[0] == "sk-0123456789"
    ApiKey("sk-0123456789")
    made.drop_outdated()
    made.lay_out(0, 60, 0)
    assert rows(made[0])[0] == "…6789"
    kept = made[0]
    made.drop_outdated()
    assert made[0] is kept
