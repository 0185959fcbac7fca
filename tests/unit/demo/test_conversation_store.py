"""Demo conversations outlive the server that made them."""

import os
import stat
import uuid
from pathlib import Path

import pytest

from userdesk.demo.server.conversation_store import ConversationStore


def test_messages_are_there_after_a_restart(tmp_path: Path) -> None:
    """Another ConversationStore on the same folder knows the conversation, in order."""
    folder = tmp_path / "data" / "demo"
    before = ConversationStore(folder)
    kept = before.create()
    before.add(kept, "first\nwith two lines")
    before.add(kept, "zweite 🎉 \u2028 \ud800")
    after = ConversationStore(folder)
    assert after.knows(kept)
    assert after.messages(kept) == ["first\nwith two lines", "zweite 🎉 \u2028 \ud800"]


def test_two_servers_on_one_folder_see_each_other(tmp_path: Path) -> None:
    """Each reads what the other one added."""
    one, other = ConversationStore(tmp_path), ConversationStore(tmp_path)
    shared = one.create()
    one.add(shared, "from one")
    other.add(shared, "from the other")
    assert one.messages(shared) == ["from one", "from the other"]


def test_only_the_owner_can_read(tmp_path: Path) -> None:
    """Folders 0700, files 0600: the data folder as well, where it is gone when this is written."""
    folder = tmp_path / "data" / "demo"
    before = os.umask(0)
    try:
        made = ConversationStore(folder).create()
    finally:
        os.umask(before)
    assert [stat.S_IMODE(each.stat().st_mode) for each in (folder.parent, folder)] == [0o700, 0o700]
    assert stat.S_IMODE((folder / f"{made}.jsonl").stat().st_mode) == 0o600


def test_a_torn_line_costs_only_itself(tmp_path: Path) -> None:
    """What was appended after a crash in mid-line is read."""
    store = ConversationStore(tmp_path)
    torn = store.create()
    store.add(torn, "before")
    with (tmp_path / f"{torn}.jsonl").open("ab") as file:
        file.write(b'{"text": "half')
    store.add(torn, "after")
    assert store.messages(torn) == ["before", "after"]


@pytest.mark.parametrize("hostile", ["../secret", "", "x", "/etc/passwd", "{id}", "A" * 5000, "a\0b"])
def test_an_id_never_leads_out_of_the_folder(tmp_path: Path, hostile: str) -> None:
    """Only ids as they were made are looked up at all."""
    folder = tmp_path / "demo"
    (tmp_path / "secret.jsonl").write_text('{"text": "secret"}\n')
    ConversationStore(folder).create()
    assert not ConversationStore(folder).knows(hostile)


def test_ids_in_another_spelling_are_unknown(tmp_path: Path) -> None:
    """An id is a string, not a number: no braces, no capitals, no urn."""
    made = ConversationStore(tmp_path).create()
    spellings = [
        made.upper() if made.upper() != made else "",
        f"{{{made}}}",
        f"urn:uuid:{made}",
        made.replace("-", ""),
    ]
    assert not any(ConversationStore(tmp_path).knows(spelling) for spelling in spellings)
    assert not ConversationStore(tmp_path).knows(str(uuid.uuid4()))


def test_without_a_folder_everything_stays_in_memory() -> None:
    """Two of them share nothing."""
    store = ConversationStore()
    made = store.create()
    store.add(made, "hello")
    assert store.messages(made) == ["hello"]
    assert store.knows(made) and not ConversationStore().knows(made)


def test_what_could_not_be_written_is_written_with_the_next_message(tmp_path: Path) -> None:
    """A folder that cannot be written loses nothing, and the order stays; unknown ids stay unknown."""
    folder = tmp_path / "demo"
    store = ConversationStore(folder)
    before = store.create()
    store.add(before, "one")
    aside = folder.rename(tmp_path / "aside")
    folder.write_text("in the way")
    made = store.create()
    store.add(made, "first")
    store.add(before, "two")
    assert store.messages(made) == ["first"]
    assert store.messages(before) == ["two"]
    assert not store.knows(str(uuid.uuid4()))
    folder.unlink()
    aside.rename(folder)
    store.add(made, "second")
    store.add(before, "three")
    again = ConversationStore(folder)
    assert again.messages(made) == ["first", "second"]
    assert again.messages(before) == ["one", "two", "three"]
    assert not again.knows(str(uuid.uuid4()))


def test_a_write_that_a_full_disk_cuts_short_is_done_again_as_a_whole(tmp_path: Path) -> None:
    """No line is doubled and none is torn."""
    resource = pytest.importorskip("resource")
    store = ConversationStore(tmp_path)
    made = store.create()
    store.add(made, "before")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60, before[1]))
    try:
        store.add(made, "cut " * 20)
        assert store.messages(made) == ["before", "cut " * 20]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    store.add(made, "after")
    assert ConversationStore(tmp_path).messages(made) == ["before", "cut " * 20, "after"]
