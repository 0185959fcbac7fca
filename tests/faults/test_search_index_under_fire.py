"""The search index while all happens at once: builders killed, messages written, files edited, removed.

TORTURE_ROUNDS says how often, TORTURE_SEED where to begin.
"""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

import userdesk
from indexed_search import build, found, segments
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role, now
from userdesk.store import Store

ROUNDS = int(os.environ.get("TORTURE_ROUNDS", "60"))
SEED = int(os.environ.get("TORTURE_SEED", "1"))
WORDS = ("apple", "pear", "Größe", "refund policy", "東京 hotel", "a b", "🎉 done", "C:\\users", "naïve")
BUILD = """
import sys
from pathlib import Path
from userdesk.store.search import builder_process, building
builder_process.IndexBuilder = lambda folder: building.IndexBuilder(
    folder, worthwhile=0, segment_size=4000, settled=0)
builder_process.main(Path(sys.argv[1]))
"""


class Desk:
    """A data folder, and somebody who does anything to it."""

    def __init__(self, folder: Path, dice: random.Random) -> None:
        self.folder = folder
        self.dice = dice
        self.store = Store(folder, durable=False)
        self.store.open()
        self.removed: list[str] = []
        """A word of each conversation that was removed for good."""

    @property
    def keys(self) -> list[str]:
        return [each.key for each in self.store.conversations()]

    def begin(self, number: int) -> None:
        key = f"c{number}"
        self.store.add(Conversation(key=key, bot="acme", created=now(), title=""))
        self.say(key, f"secretof{key}x")

    def say(self, key: str, *words: str) -> None:
        said = " ".join([*words, *self.dice.choices(WORDS, k=8)])
        self.store.transcript(key).append(Message(role=Role.USER, text=said, at=now()))

    def act(self, number: int) -> None:
        keys, act = self.keys, self.dice.random()
        key = self.dice.choice(keys) if keys else ""
        if act < 0.3 or not keys:
            self.begin(number)
        elif act < 0.6:
            self.say(key)
        elif act < 0.75:
            path = self.store.folder.transcript(key)
            lines = path.read_bytes().splitlines(keepends=True)
            lines[self.dice.randrange(len(lines))] = (
                json.dumps({"role": "user", "text": "apple"}).encode() + b"\n"
            )
            path.write_bytes(b"".join(lines))
        elif act < 0.85:
            self.store.delete(key)
        elif act < 0.9:
            trashed = list(self.store.trash.keys())
            if trashed:
                self.store.restore(self.dice.choice(trashed))
        else:
            self.removed.append(f"secretof{key}x")
            self.store.erase([key])

    def check(self, elsewhere: Path) -> None:
        for typed in (
            "apple",
            "grosse",
            "policy apple",
            "京 hotel",
            "users pear",
            self.dice.choice(WORDS),
            "secretofc",
        ):
            keys = self.keys[-30:]
            assert sorted(found(self.folder, typed, *keys)) == sorted(found(elsewhere, typed, *keys)), typed
        index = b"".join(path.read_bytes() for path in segments(self.folder))
        assert not [word for word in self.removed if word.encode() in index]


@pytest.mark.torture
def test_answers_and_purges_hold_whatever_happens(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    desk = Desk(tmp_path / "data", random.Random(SEED))
    (elsewhere / "transcripts").symlink_to(desk.folder / "transcripts")
    environment = {**os.environ, "PYTHONPATH": str(Path(userdesk.__file__).parent.parent)}
    builders: list[subprocess.Popen[bytes]] = []
    try:
        for number in range(ROUNDS):
            builder = subprocess.Popen(
                [sys.executable, "-c", BUILD, str(desk.folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
            )
            builders.append(builder)
            assert builder.stdin and builder.stdout
            builder.stdin.write(b"\n" * desk.dice.randint(1, 30))
            builder.stdin.flush()
            if desk.dice.random() < 0.7:
                builder.stdout.readline()  # it has begun, or found another one at it
            for step in range(desk.dice.randint(1, 12)):
                desk.act(100 * number + step)
            if desk.dice.random() < 0.6:
                for each in builders:
                    each.kill()
                    each.communicate()
                builders.clear()
            desk.check(elsewhere)
    finally:
        for each in builders:
            each.kill()
            each.communicate()
    build(desk.folder)
    desk.check(elsewhere)
