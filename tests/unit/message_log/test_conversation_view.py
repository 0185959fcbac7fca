"""What the log shows of a conversation: the saved messages, then what comes, in its order."""

from collections.abc import Collection, Iterator
from typing import Any

import pytest

from userdesk.domain.message import Message, Role, Status, now
from userdesk.store.transcript.lines import NOT_THERE
from userdesk.store.verdicts import Judged
from userdesk.tui.message_log.conversation_view import ConversationView, LiveAnswer, ViewListener


class Saved:
    """A transcript in memory."""

    def __init__(self, *messages: Message) -> None:
        self.messages = list(messages)

    def __len__(self) -> int:
        return len(self.messages)

    def __getitem__(self, index: int) -> Message:
        return self.messages[index]

    def bytes_before(self, index: int) -> int:
        return 100 * min(index, len(self))


class Listening(ViewListener):
    """Everything that a view tells, in order."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...] | tuple[str, int]] = []

    def message_added(self, index: int) -> None:
        self.told.append(("added", index))

    def message_changed(self, index: int) -> None:
        self.told.append(("changed", index))

    def verdicts_changed(self, indices: Collection[int]) -> None:
        self.told.append(("judged", *sorted(indices)))

    def message_removed(self, index: int) -> None:
        self.told.append(("removed", index))

    def answer_grew(self) -> None:
        self.told.append(("grew",))

    def answer_ended(self) -> None:
        self.told.append(("ended",))

    def take(self) -> list[tuple[str, ...] | tuple[str, int]]:
        told, self.told = self.told, []
        return told


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def user(text: str = "Hi") -> Message:
    return Message(role=Role.USER, text=text, at=now())


def answer(text: str = "Hello", status: Status = Status.COMPLETE) -> Message:
    return Message(role=Role.ASSISTANT, text=text, at=now(), status=status)


def view_of(*saved: Message) -> tuple[ConversationView, Listening]:
    view = ConversationView(Saved(*saved))
    view.listener = listening = Listening()
    return view, listening


def texts(view: ConversationView) -> list[str]:
    return [view.entry(index).text for index in range(len(view))]


def test_saved_messages_come_first_and_new_ones_behind_them() -> None:
    view, listening = view_of(user("1"), answer("2"))
    view.add(user("3"))
    view.add(answer("4"))
    assert (len(view), texts(view)) == (4, ["1", "2", "3", "4"])
    assert listening.take() == [("added", 2), ("added", 3)]
    assert [view.bytes_before(index) for index in range(5)] == [0, 100, 200, 201, 202]


def test_an_answer_grows_and_gets_its_marks_in_its_place() -> None:
    view, listening = view_of(user())
    view.begin_answer()
    assert (view.live_index, view.settled, texts(view)) == (1, 1, ["Hi", ""])
    view.grow("Hel")
    view.grow("lo\x1b")
    view.stalled(60.0)
    view.stalled(60.0)
    live = view.live
    assert live and (live.text, live.characters, live.silent_for) == ("Hello�", 6, 120.0)
    view.grow("!")
    assert live.silent_for == 0.0
    view.stream_ended()
    outcome = answer("Hello\x1b!", Status.STOPPED)
    view.end_answer(outcome)
    assert view.entry(1).message is outcome and texts(view) == ["Hi", "Hello�!"]
    assert (view.live, view.live_index, view.settled) == (None, None, 2)
    assert listening.take() == [
        *(("added", 1), ("grew",), ("grew",), ("grew",), ("grew",), ("grew",), ("ended",), ("changed", 1)),
    ]


def test_what_comes_for_no_answer_changes_nothing() -> None:
    view, listening = view_of(user())
    view.grow("late")
    view.stalled(60.0)
    assert listening.take() == []
    view.end_answer(answer("whole"))
    assert texts(view) == ["Hi", "whole"]
    assert listening.take() == [("added", 1)]


def test_a_waiting_message_stays_behind_everything_under_way() -> None:
    view, listening = view_of()
    view.add(user("1"))
    view.begin_answer()
    view.queue(user("2"), "t2")
    view.queue(user("3"), "t3")
    assert texts(view) == ["1", "", "2", "3"]
    assert (view.live_index, view.settled) == (1, 1)
    assert not view.ends_with_question
    view.grow("one")
    view.end_answer(answer("one"))
    view.add(answer("more"))
    assert texts(view) == ["1", "one", "more", "2", "3"]
    listening.take()
    assert view.start_waiting("t2") is True
    assert view.start_waiting("t2") is False
    assert view.start_waiting("none") is False
    assert [view.entry(index).waiting for index in range(5)] == [False, False, False, False, True]
    view.begin_answer()
    assert texts(view) == ["1", "one", "more", "2", "", "3"]
    assert view.live_index == 4
    assert listening.take() == [("changed", 3), ("added", 4)]


def test_a_waiting_message_can_be_withdrawn_and_no_other() -> None:
    view, listening = view_of(user("1"))
    view.queue(user("2"), "t2")
    view.queue(user("3"), "t3")
    listening.take()
    view.withdraw("none")
    view.withdraw("t2")
    assert (texts(view), listening.take()) == (["1", "3"], [("removed", 1)])
    view.start_waiting("t3")
    listening.take()
    view.withdraw("t3")
    assert (texts(view), listening.take()) == (["1", "3"], [])
    view.listener = ViewListener()
    view.queue(user("4"), "t4")
    view.withdraw("t4")
    assert len(view) == 2


def test_an_answer_behind_which_something_was_said_is_not_under_way() -> None:
    view, _ = view_of()
    view.begin_answer()
    view.queue(user("2"), "t2")
    assert view.live_index == 0
    view.start_waiting("t2")
    assert view.live_index is None and view.live is None


@pytest.mark.parametrize(
    ("messages", "asked", "open_question"),
    [
        ([], False, False),
        ([answer()], False, False),
        ([user()], True, True),
        ([user(), answer()], True, False),
        ([answer(), answer()], True, False),
        ([answer(), user()], True, True),
    ],
)
@pytest.mark.parametrize("are_saved", [True, False])
def test_whether_anything_was_asked_and_is_without_an_answer(
    messages: list[Message], asked: bool, open_question: bool, are_saved: bool
) -> None:
    view = ConversationView(Saved(*messages) if are_saved else Saved())
    for message in () if are_saved else messages:
        view.add(message)
    asked = asked and (are_saved or any(message.role is Role.USER for message in messages))
    assert (view.has_user_message, view.ends_with_question) == (asked, open_question)


@pytest.mark.parametrize("are_saved", [True, False])
def test_an_answer_that_arrives_in_another_window_marks_the_last_message(are_saved: bool) -> None:
    view, listening = view_of(user("1"), answer("2"), *([user("3")] if are_saved else []))
    if not are_saved:
        view.add(user("3"))
        listening.take()
    view.is_answered_elsewhere(False)
    view.is_answered_elsewhere(True)
    view.is_answered_elsewhere(True)
    assert listening.take() == [("changed", 2)]
    assert [view.entry(index).elsewhere for index in range(3)] == [False, False, True]
    view.add(answer("4"))
    assert [view.entry(index).elsewhere for index in range(4)] == [False, False, False, True]
    view.is_answered_elsewhere(False)
    assert not view.entry(3).elsewhere


def test_the_messages_are_given_oldest_first() -> None:
    view, _ = view_of(user("1"), answer("2"))
    view.add(user("3"))
    assert [message.text for message in view.messages] == ["1", "2", "3"]


def test_messages_of_a_file_that_was_shortened_say_so() -> None:
    saved = Saved(user("1"), answer("2"))
    view = ConversationView(saved)
    view.add(user("3"))
    del saved.messages[1:]
    assert len(view) == 3
    gone = view.entry(1).message
    assert gone.failure and gone.failure.message == NOT_THERE
    assert [view.bytes_before(index) for index in range(4)] == [0, 100, 100, 101]
    assert [message.text for message in view.messages] == ["1", gone.text, "3"]


@pytest.fixture
def clock() -> Iterator[Clock]:
    yield Clock()


def test_a_live_answer_counts_seconds_from_its_request(clock: Clock) -> None:
    view = ConversationView(Saved(), clock=clock)
    view.begin_answer()
    live = view.live
    assert live and (live.first_text, live.elapsed, live.text) == (None, 0.0, "")
    clock.now += 2
    live.add("a")
    clock.now += 1
    live.add("b")
    assert (live.first_text, live.elapsed) == (2.0, 3.0)


def test_a_live_answers_text_is_safe_however_it_is_cut() -> None:
    live = LiveAnswer()
    for piece in ("a\r", "\nb", "\x1b[3", "1m"):
        live.add(piece)
    assert live.text == "a\nb�[31m"
    assert live.characters == 8
    assert live.text == "a\nb�[31m", "and is the same when asked again"


def test_a_long_answer_is_looked_through_in_pieces_while_it_comes_too() -> None:
    text = "1 < 2 & 3 > 2, ümlaut\n" * 3000
    view, _ = view_of()
    view.begin_answer()
    view.grow(text)
    coming = list(view.entry(0).pieces())
    view.end_answer(answer(text))
    assert len(coming) > 3 and "".join(coming) == text
    assert list(view.entry(0).pieces()) == coming


def test_answers_that_were_judged_are_told_of_at_once() -> None:
    view, listening = view_of(user(), answer())
    judged = Judged.of(1, view.entry(1).message).changed({"verdict": "bad"}, now())
    view.judge({1: judged})
    view.judge({1: judged._replace()})
    assert listening.take() == [("judged", 1)] and view.entry(1).judgement == judged.judgement
    view.judge({})
    assert listening.take() == [("judged", 1)] and view.entry(1).judgement is None


class Watched(Message):
    """A message that is counted until it is gone; its copies are not."""

    held = 0

    def __new__(cls, **fields: Any) -> "Watched":
        Watched.held += 1
        return super().__new__(cls, **fields)

    def __del__(self) -> None:
        Watched.held -= 1


def test_what_is_saved_is_not_held_in_memory() -> None:
    saved = Saved()
    view = ConversationView(saved)
    for turn in range(100):
        for role in (Role.USER, Role.ASSISTANT):
            message = Watched(role=role, text=f"{role} {turn}", at=now())
            saved.messages.append(Message(*message))  # as it is read from the disk: another object
            if message.role is Role.USER:
                view.add(message)
                view.begin_answer()
            else:
                view.grow(message.text)
                view.end_answer(message)
            del message
    assert Watched.held == 1, "the last answer alone"
    assert texts(view) == [message.text for message in saved.messages]
    assert (len(view), view.settled) == (200, 200)


def test_what_is_not_saved_is_kept() -> None:
    saved = Saved()
    view = ConversationView(saved)
    for number in range(5):
        view.add(answer(f"waits for the disk {number}"))
    saved.messages = [answer("waits for the disk 0"), answer("of another window"), answer("third")]
    view.add(answer("newest"))
    assert texts(view) == [*[f"waits for the disk {number}" for number in range(5)], "newest"]


def test_a_waiting_message_is_held_until_its_turn_has_ended() -> None:
    first, second = user("First"), user("Second")
    saved = Saved(first)
    view = ConversationView(saved)
    view.begin_answer()
    view.queue(second, "t2")
    saved.messages += [answer("One"), second]
    view.end_answer(answer("One"))
    view.add(answer("between"))
    assert texts(view) == ["First", "One", "between", "Second"]
    assert view.start_waiting("t2") and not view.entry(3).waiting


def test_messages_once_taken_stay_what_they_were() -> None:
    saved = Saved(user("1"), answer("2"))
    view = ConversationView(saved)
    view.add(user("3"))
    view.begin_answer()
    view.grow("so far")
    taken = view.messages
    saved.messages += [user("3"), answer("4"), user("5")]
    view.end_answer(answer("4"))
    view.add(user("5"))
    assert [message.text for message in taken] == ["1", "2", "3", ""] and len(taken) == 4
    del saved.messages[1:]
    assert [message.text for message in taken] == ["1", "", "3", ""]
    assert [bool(message.failure) for message in taken] == [False, True, False, False]
