"""A list of conversations that lost entries: they come back with their ids, and it is told once."""

import shutil
import tomllib

import pytest

from userdesk.store.store import Store


@pytest.fixture
def filled(store, data_dir, conversation, user) -> Store:
    for number in range(3):
        made = conversation(
            f"k{number}",
            id=f"id-{number}",
            title=f"Title {number}",
            chatbot_id="123",
            base_url="http://127.0.0.1:1",
            previous_ids=("old",) if number == 1 else (),
        )
        store.add(made)
        store.transcript(made.key).append(user(f"Question {number}"), entry=made)
        store.transcript(made.key).append(user("no entry in this line"))
    return store


def listed(data_dir) -> dict[str, tuple[object, ...]]:
    entries = tomllib.loads((data_dir / "conversations.toml").read_text()).get("conversation", [])
    names = ("id", "bot", "chatbot_id", "base_url", "title", "created", "previous_ids")
    return {each["key"]: tuple(each.get(name) for name in names) for each in entries if "key" in each}


def at_edges(text: bytes) -> list[int]:
    """The beginning, the end of every line, and some places in between."""
    return sorted({0, *(at + 1 for at, byte in enumerate(text) if byte == 10), *range(0, len(text), 23)})


def test_a_list_that_was_cut_anywhere_comes_back_at_the_next_start(filled, data_dir):
    file = data_dir / "conversations.toml"
    whole, before = file.read_bytes(), listed(data_dir)
    for cut in at_edges(whole)[:-1]:
        file.write_bytes(whole[:cut])
        words = [problem.message for problem in Store(data_dir).open()]
        assert listed(data_dir) == before, cut
        assert words, cut
        for aside in data_dir.glob("conversations.toml.*"):
            assert aside.read_bytes() == whole[:cut]
            assert any(aside.name in each for each in words)
            aside.unlink()
        assert Store(data_dir).open() == [], cut  # told once


def test_an_open_window_writes_back_what_a_cut_list_lost(filled, data_dir, conversation):
    filled.add(conversation("blank", id="id-blank", title="Nothing said yet"))
    file = data_dir / "conversations.toml"
    whole, before = file.read_bytes(), listed(data_dir)
    for cut in at_edges(whole)[:-1]:
        file.write_bytes(whole[:cut])
        filled.reload()
        assert [each.id for each in filled.conversations()].count(None) == 0, cut
        filled.bring_back()
        after = listed(data_dir)
        # Alone, one in which nothing was said looks like one that another process removed for good.
        assert before.keys() - after.keys() <= {"blank"}, cut
        assert all(after[key][0] == before[key][0] for key in after), cut
        file.write_bytes(whole)
        filled.reload()
        filled.folder.take_problems()
    assert filled.bring_back() is False  # nothing is left to do


def test_the_short_list_is_kept_and_told_once(filled, data_dir):
    file = data_dir / "conversations.toml"
    file.write_text("version = 1\n")
    filled.reload()
    assert filled.bring_back() is True
    (aside,) = data_dir.glob("conversations.toml.short-*")
    assert aside.read_text() == "version = 1\n"
    (told,) = filled.folder.take_problems()
    assert "had lost entries" in told.message and aside.name in told.message
    filled.reload()
    assert filled.bring_back() is False and filled.folder.take_problems() == []
    assert Store(data_dir).open() == []


def test_an_older_copy_of_the_list_loses_no_id(filled, data_dir, conversation):
    file = data_dir / "conversations.toml"
    older = file.read_bytes()
    filled.update("k0", lambda saved: saved.without_id().with_id("id-newer"))
    filled.update("k1", lambda saved: saved.evolve(title="Renamed"))
    filled.add(conversation("k9", id="id-9"))
    file.write_bytes(older)
    filled.reload()
    assert filled.get("k0").id == "id-0" and "id-newer" in filled.get("k0").previous_ids
    filled.bring_back()
    assert "id-newer" in file.read_text()


def test_an_id_that_was_taken_out_comes_back_while_it_is_known(filled, data_dir):
    file = data_dir / "conversations.toml"
    file.write_text(file.read_text().replace('id = "id-2"\n', ""))
    filled.reload()
    assert filled.get("k2").id == "id-2"
    filled.bring_back()
    assert 'id = "id-2"' in file.read_text()
    # and where nobody knows it, the transcript does when it is needed
    file.write_text(file.read_text().replace('id = "id-2"\n', ""))
    again = Store(data_dir)
    again.open()
    assert again.known_id("k2") == "id-2"


def test_what_the_program_deletes_elsewhere_is_no_damage(filled, data_dir):
    other = Store(data_dir)
    other.open()
    other.delete("k0")
    filled.reload()
    assert filled.get("k0") is None and filled.bring_back() is False
    other.delete("k1")
    other.trash.empty()
    filled.reload()
    assert other.erase(["k2"]) == 1
    filled.reload()
    assert filled.conversations() == [] and filled.bring_back() is False
    assert filled.folder.take_problems() == [] and not list(data_dir.glob("conversations.toml.*"))


def test_an_entry_taken_out_by_hand_comes_back_as_long_as_its_transcript_is_there(filled, data_dir):
    file = data_dir / "conversations.toml"
    head, first, rest = file.read_text().split("\n[[conversation]]\n", 2)
    assert "k0" in first
    file.write_text(f"{head}\n[[conversation]]\n{rest}")
    Store(data_dir).open()
    assert listed(data_dir).keys() == {"k0", "k1", "k2"}
    file.write_text(f"{head}\n[[conversation]]\n{rest}")
    (data_dir / "transcripts/k0.jsonl").unlink()
    filled.reload()
    assert filled.bring_back() is False
    Store(data_dir).open()
    assert listed(data_dir).keys() == {"k1", "k2"}


def test_a_list_from_a_newer_version_is_left_alone(filled, data_dir):
    file = data_dir / "conversations.toml"
    file.write_text("version = 2\n")
    filled.reload()
    assert filled.bring_back() is False
    assert file.read_text() == "version = 2\n"


def test_a_list_of_another_folder_is_joined_with_what_was_known(filled, data_dir, tmp_path, conversation):
    other = Store(tmp_path / "other")
    other.open()
    other.add(conversation("strange", id="id-s"))
    shutil.copy(tmp_path / "other/conversations.toml", data_dir / "conversations.toml")
    filled.reload()
    filled.bring_back()
    assert listed(data_dir).keys() == {"strange", "k0", "k1", "k2"}


def test_unknown_keys_come_back_with_an_entry(filled, data_dir):
    file = data_dir / "conversations.toml"
    file.write_text(file.read_text().replace('key = "k1"', 'key = "k1"\nmood = "good"'))
    filled.reload()
    file.write_bytes(b"")
    filled.reload()
    filled.bring_back()
    assert 'mood = "good"' in file.read_text()
