import os
import signal

import pytest

from userdesk.domain.failure import FailureKind
from userdesk.domain.message import Role, Status
from userdesk.store.problems import StoreError
from userdesk.store.store import Store
from userdesk.store.transcript.in_flight import interrupted

CHILD = """
import sys, pathlib
from userdesk.domain.message import Message, Role, now
from userdesk.store.store import Store
store = Store(pathlib.Path(sys.argv[1]))
store.open()
answer = store.begin_answer("k1", "turn-1")
for piece in sys.argv[3:]:
    answer.append(piece, [(100, len(piece))])
if sys.argv[2] == "appended":
    store.transcript("k1").append(Message(role=Role.ASSISTANT, text="whole", at=now()), "turn-1")
print("ready", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def killed(child, store, data_dir, conversation, user):
    """A folder in which a process was killed with -9 while an answer arrived."""

    def run(state, *pieces):
        store.add(conversation("k1"))
        store.transcript("k1").append(user("question"), "turn-1")
        process = child(CHILD, data_dir, state, *pieces)
        assert process.stdout.readline() == "ready\n"
        return process

    return run


def kill(process):
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def leftovers(data_dir):
    return sorted(os.listdir(data_dir / "transcripts"))


def test_a_killed_answer_is_recovered_exactly_once(killed, data_dir):
    kill(killed("streaming", "Hello, ", "wörld"))
    assert Store(data_dir).open() == []
    second = Store(data_dir)
    assert second.open() == []
    question, answer = second.transcript("k1")
    assert question.role is Role.USER
    assert (answer.role, answer.text, answer.status) == (Role.ASSISTANT, "Hello, wörld", Status.INTERRUPTED)
    assert answer.failure.kind is FailureKind.INTERRUPTED and answer.failure.may_have_arrived
    assert answer.failure.message == "userdesk ended before the answer was complete"
    assert answer.chunks == ((100, 7), (100, 5))
    assert leftovers(data_dir) == ["k1.jsonl"]


def test_a_turn_killed_before_any_text_may_have_been_received(killed, data_dir):
    kill(killed("streaming"))
    store = Store(data_dir)
    store.open()
    answer = store.transcript("k1")[-1]
    assert (answer.text, answer.status) == ("", Status.INTERRUPTED)
    assert answer.failure.message == "No answer was saved; the message may have been received"


def test_an_answer_killed_between_its_line_and_its_cleaning_up_is_not_doubled(killed, data_dir):
    kill(killed("appended", "who"))
    store = Store(data_dir)
    assert store.open() == []
    assert [m.text for m in store.transcript("k1")] == ["question", "whole"]
    assert leftovers(data_dir) == ["k1.jsonl"]


def test_the_answer_of_a_living_process_is_left_alone(killed, data_dir):
    process = killed("streaming", "still coming")
    store = Store(data_dir)
    assert store.open() == []
    transcript = store.transcript("k1")
    assert len(transcript) == 1
    kill(process)
    assert transcript.refresh() is False
    Store(data_dir).open()
    assert transcript.refresh() is True
    assert transcript[-1].text == "still coming"


def test_an_answer_arrives_elsewhere_whatever_its_conversation_is_called(store, data_dir):
    answer = store.begin_answer("company", "turn-1")
    assert Store(data_dir).is_answered_elsewhere("company")
    answer.discard()
    assert not Store(data_dir).is_answered_elsewhere("company")


def test_torn_and_foreign_lines_of_an_answer_are_left_out(killed, data_dir):
    kill(killed("streaming", "kept"))
    with (data_dir / "transcripts/k1.turn-1.answer").open("ab") as file:
        file.write(b'\x00\xff\n{"text": 5}\n{"text": "to')
    store = Store(data_dir)
    assert store.open() == []
    assert store.transcript("k1")[-1].text == "kept"


def test_a_finished_answer_is_one_line_with_its_turn(store, data_dir, conversation, user):
    store.add(conversation("k1"))
    answer = store.begin_answer("k1", "turn-1")
    answer.append("a", [(1, 1)])
    assert leftovers(data_dir) == ["k1.turn-1.answer", "k1.turn-1.owner"]
    assert answer.finish(user("all of it", role=Role.ASSISTANT)) == 0
    assert answer.finish(user("all of it", role=Role.ASSISTANT)) == 0
    answer.append("a checkpoint that comes late")
    assert leftovers(data_dir) == ["k1.jsonl"]
    assert '"turn": "turn-1"' in (data_dir / "transcripts/k1.jsonl").read_text()


def test_several_answers_of_one_conversation_do_not_disturb_each_other(store, data_dir, conversation, user):
    store.add(conversation("k1"))
    one, two = store.begin_answer("k1", "t1"), store.begin_answer("k1", "t2")
    one.append("one")
    two.append("two")
    Store(data_dir).open()
    two.finish(user("two"))
    one.discard()
    assert [m.text for m in Store(data_dir).transcript("k1")] == ["two"]
    assert leftovers(data_dir) == ["k1.jsonl"]


def test_names_of_answers_that_are_not_ours_are_ignored(store, data_dir):
    for name in ("a b.t.answer", "k1.answer", "k1.a.b.answer", "..answer"):
        (data_dir / "transcripts" / name).write_text('{"text": "x"}\n')
    assert Store(data_dir).open() == []
    assert len(leftovers(data_dir)) == 4


def test_a_piece_that_could_not_be_written_can_be_passed_again(store, data_dir, conversation):
    store.add(conversation("k1"))
    answer = store.begin_answer("k1", "t1")
    answer_time = conversation().created
    path = data_dir / "transcripts/k1.t1.answer"
    path.rename(data_dir / "elsewhere")
    path.mkdir()
    with pytest.raises(StoreError) as caught:
        answer.append("first ", [(1, 6)])
    assert "a folder where a file should be" in caught.value.message
    path.rmdir()
    (data_dir / "elsewhere").rename(path)
    answer.append("first second", [(1, 6), (2, 6)])
    recovered = interrupted(path.read_bytes(), answer_time)
    assert (recovered.text, recovered.chunks, recovered.at) == ("first second", ((1, 6), (2, 6)), answer_time)


def test_an_answer_that_could_not_be_begun_leaves_nothing_to_recover(store, data_dir, conversation, child):
    store.add(conversation("k1"))
    code = """
import pathlib, resource, signal, sys
from userdesk.store import Store, StoreError
store = Store(pathlib.Path(sys.argv[1]))
store.open()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
try:
    store.begin_answer("k1", "t1")
except StoreError as error:
    print(error.message, flush=True)
"""
    assert "too large" in child(code, data_dir).communicate()[0]
    assert leftovers(data_dir) == []


def test_an_answer_of_a_deleted_conversation_is_recovered_beside_its_own_messages(
    killed, store, data_dir, conversation, user
):
    process = killed("appended", "who")
    store.delete("k1")
    kill(process)
    assert Store(data_dir).open() == []
    store.restore("k1")
    assert [m.text for m in Store(data_dir).transcript("k1")] == ["question", "whole"]


def test_an_answer_is_kept_whatever_stands_in_place_of_other_folders(store, data_dir, conversation):
    saved = conversation()
    store.add(saved)
    (data_dir / "drafts").rmdir()
    (data_dir / "drafts").write_text("")
    store.begin_answer(saved.key, "turn").append("some text")
    (kept,) = data_dir.glob("transcripts/*.answer")
    assert "some text" in kept.read_text()
