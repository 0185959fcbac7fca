"""Demo conversations outlive the server that made them."""

import os
import stat
import uuid
from pathlib import Path

import pytest

from userdesk.demo.memory import Memory


def test_messages_are_there_after_a_restart(tmp_path: Path) -> None:
    """Another Memory on the same folder knows the conversation, in order."""
    folder = tmp_path / "data" / "demo"
    before = Memory(folder)
    kept = before.create()
    before.add(kept, "first\nwith two lines")
    before.add(kept, "zweite 🎉 \u2028 \ud800")
    after = Memory(folder)
    assert after.knows(kept)
    assert after.messages(kept) == ["first\nwith two lines", "zweite 🎉 \u2028 \ud800"]


def test_two_servers_on_one_folder_see_each_other(tmp_path: Path) -> None:
    """Each reads what the other one added."""
    one, other = Memory(tmp_path), Memory(tmp_path)
    shared = one.create()
    one.add(shared, "from one")
    other.add(shared, "from the other")
    assert one.messages(shared) == ["from one", "from the other"]


def test_only_the_owner_can_read(tmp_path: Path) -> None:
    """Folders 0700, files 0600: the data folder as well, where it is gone when this is written."""
    folder = tmp_path / "data" / "demo"
    before = os.umask(0)
    try:
        made = Memory(folder).create()
    finally:
        os.umask(before)
    assert [stat.S_IMODE(each.stat().st_mode) for each in (folder.parent, folder)] == [0o700, 0o700]
    assert stat.S_IMODE((folder / f"{made}.jsonl").stat().st_mode) == 0o600


def test_a_torn_line_costs_only_itself(tmp_path: Path) -> None:
    """What was appended after a crash in mid-line is read."""
    memory = Memory(tmp_path)
    torn = memory.create()
    memory.add(torn, "before")
    with (tmp_path / f"{torn}.jsonl").open("ab") as file:
        file.write(b'{"text": "half')
    memory.add(torn, "after")
    assert memory.messages(torn) == ["before", "after"]


@pytest.mark.parametrize("hostile", ["../secret", "", "x", "/etc/passwd", "{id}", "A" * 5000, "a\0b"])
def test_an_id_never_leads_out_of_the_folder(tmp_path: Path, hostile: str) -> None:
    """Only ids as they were made are looked up at all."""
    folder = tmp_path / "demo"
    (tmp_path / "secret.jsonl").write_text('{"text": "secret"}\n')
    Memory(folder).create()
    assert not Memory(folder).knows(hostile)


def test_ids_in_another_spelling_are_unknown(tmp_path: Path) -> None:
    """An id is a string, not a number: no braces, no capitals, no urn."""
    made = Memory(tmp_path).create()
    spellings = [
        made.upper() if made.upper() != made else "",
        f"{{{made}}}",
        f"urn:uuid:{made}",
        made.replace("-", ""),
    ]
    assert not any(Memory(tmp_path).knows(spelling) for spelling in spellings)
    assert not Memory(tmp_path).knows(str(uuid.uuid4()))


def test_without_a_folder_everything_stays_in_memory() -> None:
    """Two of them share nothing; forgetting makes ids invalid."""
    memory = Memory()
    made = memory.create()
    memory.add(made, "hello")
    assert memory.messages(made) == ["hello"]
    assert not Memory().knows(made)
    memory.forget()
    assert not memory.knows(made)
