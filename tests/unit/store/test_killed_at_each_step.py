"""A kill in the middle of every single change of the data folder loses nothing and needs no repair."""

import json
import os
from pathlib import Path

import pytest

from userdesk.domain.message import Message, Role, Status
from userdesk.store.store import Store
from userdesk.store.verdicts import judged_in

# Forks from a process of its own, which has no threads: each fork lives until its nth change of a file.
LIVES = """
import itertools, json, os, pathlib, sys
import filelock  # before the forks
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role, now
from userdesk.files import atomic
from userdesk.store.store import Store
from userdesk.store.verdicts import Judged

write = os.write

def mortal(does):
    def step(*arguments, **options):
        global left
        left -= 1
        if not left:
            if does is write:
                write(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
            os._exit(9)
        return does(*arguments, **options)
    return step

def live(folder, say):
    store = Store(folder)
    store.open()
    store.add(Conversation(key="k1", bot="acme", created=now(), id="e1"))
    say("added")
    store.transcript("k1").append(Message(role=Role.USER, text="The question", at=now()), "t1")
    say("sent")
    answer = store.begin_answer("k1", "t1")
    for piece in ("first piece, ", "second piece"):
        answer.append(piece)
        say("streamed")
    answer.finish(Message(role=Role.ASSISTANT, text="The whole answer", at=now()))
    say("finished")
    store.verdicts.add("k1", Judged.of(1, store.transcript("k1")[1]), {"verdict": "bad"}, now())
    say("judged")
    store.update("k1", lambda saved: saved.evolve(title="renamed"))
    say("renamed")
    store.delete("k1")
    say("deleted")
    store.restore("k1")
    say("restored")
    store.erase(["k1"])
    say("erased")

for at in itertools.count(1):
    reading, writing = os.pipe()
    if not (fork := os.fork()):
        left = at
        for name in ("replace", "unlink", "mkdir", "link", "write", "ftruncate"):
            setattr(os, name, mortal(getattr(os, name)))
        atomic._sync = atomic.sync_folder = lambda *_: None  # a kill spares what the system has
        try:
            live(pathlib.Path(sys.argv[1], str(at)), lambda what: write(writing, f"{what} ".encode()))
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading) as said:
        print(json.dumps(said.read().split()), flush=True)
    if os.waitpid(fork, 0)[1] == 0:
        break
"""

# Where the conversation may be, by what was done last: what comes next may have begun.
WHEREABOUTS = {
    "": ({"list"}, set()),
    **dict.fromkeys(("added", "sent", "streamed", "finished", "judged"), ({"list"},)),
    "renamed": ({"list"}, {"trash"}),
    "deleted": ({"trash"}, {"list"}),
    "restored": ({"list"}, {"trash"}, set()),
    "erased": (set(),),
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks a process for each step")
def test_a_kill_at_each_step_loses_and_doubles_nothing(child, tmp_path, user) -> None:
    output, _ = child(LIVES, tmp_path).communicate(timeout=60)
    lives = [json.loads(line) for line in output.splitlines()]
    assert len(lives) > 30 and {done[-1] if done else "" for done in lives} == WHEREABOUTS.keys()
    for at, done in enumerate(lives, 1):
        check(tmp_path / str(at), done, user, f"killed at step {at}, after {done}")


def check(folder: Path, done: list[str], user, when: str) -> None:
    store = Store(folder)
    assert store.open() == [], when
    places = {"list"} if store.get("k1") else set()
    if store.trash.keys():
        places.add("trash")
    assert places in WHEREABOUTS[done[-1] if done else ""], when
    if not places or not done:
        return
    if "trash" in places and done[-1] == "restored":  # the erasing is begun again, and ends
        assert store.erase(["k1"]) == 1 and not Store(folder).trash.keys(), when
        return
    if "trash" in places:
        store.restore("k1")
    found = store.get("k1")
    assert found.id == "e1", when
    assert found.title == "renamed" or "renamed" not in done, when
    check_messages(list(store.transcript("k1")), done, when)
    if "judged" in done:
        assert judged_in(store.transcript("k1"), store.verdicts.of("k1")).keys() == {1}, when
    # what a torn write left at the end of the file spoils no later line
    store.transcript("k1").append(user("Said afterwards"))
    assert [each.text for each in Store(folder).transcript("k1")][-1] == "Said afterwards", when


def check_messages(messages: list[Message], done: list[str], when: str) -> None:
    said = [each.text for each in messages if each.role is Role.USER]
    assert said == ["The question"] or (not said and "sent" not in done), when
    answers = [(each.text, each.status) for each in messages if each.role is Role.ASSISTANT]
    complete = ("The whole answer", Status.COMPLETE)
    if "finished" in done:
        assert answers == [complete], when
    elif streamed := "".join(("first piece, ", "second piece")[: done.count("streamed")]):
        assert len(answers) == 1, when
        text, status = answers[0]
        assert answers == [complete] or (text.startswith(streamed) and status is Status.INTERRUPTED), when
    else:
        assert len(answers) <= 1, when
