import json
import os
import random
import signal
import threading

import pytest

from userdesk.domain.message import Status
from userdesk.store import StoreError, folder
from userdesk.store.store import Store

WRITER = """
import sys, pathlib
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role, now
from userdesk.store.store import Store
name = sys.argv[2]
store = Store(pathlib.Path(sys.argv[1]))
store.open()
print("ready", flush=True)
sys.stdin.readline()
for n in range(15):
    key = f"{name}{n}"
    store.add(Conversation(key=key, bot="acme", created=now(), title=key))
    store.transcript("shared").append(Message(role=Role.USER, text=key, at=now()))
    store.update("shared", lambda c: c.evolve(previous_ids=(*c.previous_ids, key)))
    store.read_marks.set(key, n)
    if n % 5 == 4:
        store.delete(f"{name}{n - 1}")
"""


def test_two_processes_at_once_lose_nothing_of_each_other(child, store, data_dir, conversation):
    store.add(conversation("shared"))
    writers = [child(WRITER, data_dir, name) for name in "ab"]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert store.reload() is True
    kept = {f"{name}{n}" for name in "ab" for n in range(15) if n % 5 != 3}
    everything = {f"{name}{n}" for name in "ab" for n in range(15)}
    assert {c.key for c in store.conversations()} == kept | {"shared"}
    assert {t.conversation.key for t in store.trash.list()} == everything - kept
    assert sorted(m.text for m in store.transcript("shared")) == sorted(everything)
    assert sorted(store.get("shared").previous_ids) == sorted(everything)
    assert set(store.read_marks.all()) == everything
    assert Store(data_dir).open() == []


def test_threads_of_one_process_lose_nothing_of_each_other(store, conversation, user):
    store.add(conversation("shared"))
    failures = []

    def work(name):
        try:
            for n in range(10):
                store.add(conversation(f"{name}{n}"))
                index = store.transcript("shared").append(user(f"{name}{n}"))
                assert store.transcript("shared")[index].text == f"{name}{n}"
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(store.conversations()) == 31
    assert len(store.transcript("shared")) == 30


def test_what_another_process_puts_in_between_stays(store, data_dir, user, monkeypatch):
    """Its line comes after ours was placed and before it is written."""
    transcript, write = store.transcript("k1"), os.write
    transcript.append(user("first"))

    def writing(descriptor, data):
        monkeypatch.undo()
        with (data_dir / "transcripts/k1.jsonl").open("ab") as other:
            other.write(b'{"role": "user", "text": "another process"}\n')
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", writing)
    transcript.append(user("second"))
    assert [each.text for each in transcript] == ["first", "another process", "second"]


def test_nothing_is_changed_while_another_window_changes_something(
    store, data_dir, conversation, monkeypatch
):
    monkeypatch.setattr(folder, "LOCK_TIMEOUT", 0.01)
    for key in ("k1", "k2"):
        store.add(conversation(key))
    store.delete("k2")
    other = Store(data_dir)
    other.open()
    with store.folder.exclusive():
        for change in (
            lambda: other.add(conversation("k3")),
            lambda: other.update("k1", lambda saved: saved.evolve(title="x")),
            lambda: other.delete("k1"),
            lambda: other.restore("k2"),
            lambda: other.erase(["k1"]),
            lambda: other.trash.empty(),
            lambda: other.read_marks.set("k1", 1),
        ):
            with pytest.raises(StoreError, match=f"it is locked by process {os.getpid()} "):
                change()
    other.read_marks.set("k1", 1)


KILLED = """
import itertools, json, sys, pathlib
from userdesk.domain.conversation import new_key
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role, now
from userdesk.store.store import Store
def done(*what):
    sys.stdout.write(json.dumps(what) + "\\n")
    sys.stdout.flush()
store = Store(pathlib.Path(sys.argv[1]))
problems = store.open()
done("opened", [p.message for p in problems])
for n in itertools.count():
    key, turn = new_key(), new_key()
    store.add(Conversation(key=key, bot="acme", created=now(), id="id-" + key))
    done("added", key)
    store.transcript(key).append(Message(role=Role.USER, text="question " + turn, at=now()), turn)
    done("sent", key, "question " + turn)
    answer = store.begin_answer(key, turn)
    for piece in range(3):
        answer.append(f"piece {piece} of {turn};", [(piece, 9)])
        done("streamed", key, turn, piece)
    store.update(key, lambda c: c.evolve(title=turn))
    done("renamed", key, turn)
    answer.finish(Message(role=Role.ASSISTANT, text=f"whole {turn}", at=now()))
    done("finished", key, turn)
    if n % 2:
        done("deleting", key)
        store.delete(key)
        done("deleted", key)
        if n % 4 == 3:
            store.restore(key)
            done("restored", key)
"""


def test_kill_9_at_any_moment_loses_and_doubles_nothing(child, data_dir):
    seed = random.randrange(10**9)
    chance = random.Random(seed)
    said: list[list[str]] = []
    for _ in range(3):
        process = child(KILLED, data_dir)
        lines = [process.stdout.readline() for _ in range(chance.randrange(1, 60))]
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.read().splitlines()  # communicate() would drop what was read ahead
        process.wait()
        said += [json.loads(line) for line in lines if line.rstrip().endswith("]")]
    store = Store(data_dir)
    assert store.open() == [], f"seed {seed}"
    assert [each for each in said if each[0] == "opened" and each[1]] == [], f"seed {seed}"
    listed = [c.key for c in store.conversations()]
    trashed = [t.conversation.key for t in store.trash.list()]
    assert len(set(listed + trashed)) == len(listed) + len(trashed), f"seed {seed}"
    last = {key: what for what, key, *_ in said if what in ("added", "deleting", "deleted", "restored")}
    for key, what in last.items():
        assert key in listed + trashed, f"{key} lost, seed {seed}"
        assert what in ("deleting", "deleted") or key in listed, f"{key} deleted, seed {seed}"
        assert what == "deleted" or what == "deleting" or key not in trashed, f"seed {seed}"
        found = store.get(key) or next(
            t.conversation for t in store.trash.list() if t.conversation.key == key
        )
        assert found.id == f"id-{key}"
        if key in trashed:
            store.restore(key)
    for what, key, *rest in said:
        messages = list(store.transcript(key)) if what in ("sent", "streamed", "finished") else []
        texts = [m.text for m in messages]
        if what == "sent":
            assert texts.count(rest[0]) == 1, f"seed {seed}"
        elif what == "streamed":
            answers = [m for m in messages if rest[0] in m.text and "question" not in m.text]
            assert len(answers) == 1, f"seed {seed}"
            whole = answers[0].status is Status.COMPLETE
            assert whole or f"piece {rest[1]} of {rest[0]};" in answers[0].text, f"seed {seed}"
        elif what == "finished":
            assert texts.count(f"whole {rest[0]}") == 1, f"seed {seed}"
        elif what == "renamed":
            assert store.get(key).title == rest[0]
    assert len(last) > 1, "the children never got to work"
