import os
import tomllib

import pytest

from userdesk.store.store import Store


def opened(data_dir):
    store = Store(data_dir)
    return store, [problem.message for problem in store.open()]


def write(data_dir, name, text):
    path = data_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


GOOD = "[[conversation]]\nkey = 'good'\nbot = 'acme'\nid = 'e1'\ntitle = 'Good'\n"


def test_broken_toml_is_set_aside_and_its_sound_entries_stay(data_dir):
    broken = f"version = 1\n{GOOD}\n[[conversation]]\nkey = 'bad\nbot = 'acme'\n"
    write(data_dir, "conversations.toml", broken)
    line = '{"role": "user", "text": "What about\\nme?", "conversation_id": "e2"}\n'
    write(data_dir, "transcripts/bad.jsonl", line)
    store, words = opened(data_dir)
    assert [(c.key, c.id, c.title) for c in store.conversations()] == [
        ("good", "e1", "Good"),
        ("bad", "e2", "What about"),
    ]
    (aside,) = data_dir.glob("conversations.toml.broken-*")
    assert aside.read_text() == broken
    assert any("damaged" in each for each in words) and any(aside.name in each for each in words)
    assert any("no entry" in each for each in words)
    assert len(tomllib.loads((data_dir / "conversations.toml").read_text())["conversation"]) == 2
    assert opened(data_dir)[1] == []


HUGE = b"a = 0x" + b"f" * 5000  # Python reads it and refuses to write it


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\xff\xfe garbage",
        b"[" * 100_000,
        b"a = 1\na = 2\n",
        b"\r\r\n=",
        HUGE,
        HUGE.replace(b"a", b"version"),
    ],
)
def test_no_garbage_keeps_the_store_from_opening(data_dir, garbage, conversation):
    write(data_dir, "conversations.toml", garbage)
    store, words = opened(data_dir)
    assert words and store.conversations() == []
    store.add(conversation("k1"))
    assert [c.key for c in opened(data_dir)[0].conversations()] == ["k1"]
    (aside,) = data_dir.glob("conversations.toml.broken-*")
    assert aside.read_bytes() == garbage


def test_entries_that_can_not_be_used_are_set_aside_and_kept(data_dir, conversation):
    entries = [
        GOOD,
        "[[conversation]]\nkey = '../../x'\nbot = 'a'\n",
        "[[conversation]]\nbot = 'a'\n",
        "[[conversation]]\nkey = 'good'\nbot = 'double'\n",
        "[[conversation]]\nkey = 5\n",
    ]
    original = "version = 1\n" + "".join(entries)
    file = write(data_dir, "conversations.toml", original)
    store, words = opened(data_dir)
    assert [(c.key, c.bot) for c in store.conversations()] == [("good", "acme")]
    assert len(words) == 4 and any("../../x" in each for each in words)
    assert file.read_text() == original
    store.add(conversation("k1"))
    (aside,) = data_dir.glob("conversations.toml.set-aside-*")
    assert aside.read_text() == original
    assert any(aside.name in problem.message for problem in store.folder.take_problems())
    assert opened(data_dir)[1] == []


def test_wrong_values_cost_only_themselves_and_stay_in_the_file(data_dir):
    table = "[[conversation]]\nkey = 'k'\nbot = 'acme'\ntitle = 5\npinned = 'yes'\nprevious_ids = ['a', 1]\n"
    write(data_dir, "conversations.toml", "version = 1\n" + table + "created = 'soon'\nid = 'e1'\n" + GOOD)
    store, words = opened(data_dir)
    odd = store.get("k")
    assert (odd.title, odd.pinned, odd.previous_ids, odd.id) == ("", False, ("a",), "e1")
    assert len(words) == 1 and "title, created, pinned, previous_ids" in words[0]
    store.update("good", lambda c: c.evolve(title="changed"))
    store.update("k", lambda c: c.evolve(title="now a title"))
    kept = tomllib.loads((data_dir / "conversations.toml").read_text())["conversation"][0]
    assert kept["title"] == "now a title" and kept["pinned"] == "yes" and kept["previous_ids"] == ["a", 1]


def test_the_same_damage_is_told_once(data_dir):
    file = write(data_dir, "conversations.toml", "version = 1\n" + GOOD + GOOD)
    store, words = opened(data_dir)
    assert len(words) == 1
    file.write_text("version = 1\n" + GOOD + GOOD + "pinned = true\n")
    assert store.reload() is False
    assert store.folder.take_problems() == []


def test_what_stays_damaged_is_not_told_at_the_next_start(data_dir):
    entries = {"title": "title = 5\n", "pinned": "pinned = 'yes'\n", "": ""}
    tables = [f"[[conversation]]\nkey = 'k{n}'\nbot = 'acme'\n{x}" for n, x in enumerate(entries.values())]
    nameless = "[[conversation]]\nbot = 'acme'\n"
    file = write(data_dir, "conversations.toml", "version = 1\n" + "".join([*tables, nameless]))
    assert len(opened(data_dir)[1]) == 3
    assert opened(data_dir)[1] == []
    assert len(Store(data_dir).folder.take_problems()) == 0
    doctor = Store(data_dir)
    doctor.reload()
    assert len(doctor.folder.take_problems()) == 3  # whoever asks is told
    file.write_text("version = 1\n" + tables[1])
    (new,) = opened(data_dir)[1]
    assert "pinned can't be used" in new  # another place in the file: it may be another one
    assert opened(data_dir)[1] == []
    file.write_text("version = 1\n" + tables[2])
    assert opened(data_dir)[1] == []
    file.write_text("version = 1\n" + tables[1])
    assert opened(data_dir)[1] == [new]  # mended, and damaged again


def test_damage_that_can_not_be_noted_is_told_again(data_dir):
    write(data_dir, "conversations.toml", "version = 1\n" + GOOD + GOOD)
    (data_dir / "told.json").mkdir()
    assert opened(data_dir)[1] == opened(data_dir)[1] != []
    (data_dir / "told.json").rmdir()
    for garbage in ("[", "[1]", '{"conversations.toml": 5}', '{"conversations.toml": [5, null]}'):
        write(data_dir, "told.json", garbage)
        assert opened(data_dir)[1] != []
        assert opened(data_dir)[1] == []


@pytest.mark.parametrize("text", ["conversation = 5\n", "conversation = [1, 2]\n"])
def test_a_file_of_another_shape_is_copied_before_it_is_written(data_dir, text, conversation):
    write(data_dir, "conversations.toml", text)
    store, _ = opened(data_dir)
    store.add(conversation("k1"))
    (aside,) = data_dir.glob("conversations.toml.set-aside-*")
    assert aside.read_text() == text


def test_a_file_that_breaks_while_running_costs_nothing(store, data_dir, conversation):
    store.add(conversation("k1", id="e1"))
    store.add(conversation("k2"))
    store.delete("k2")
    write(data_dir, "conversations.toml", "half [an edit")
    store.reload()
    assert [c.id for c in store.conversations()] == ["e1"]
    assert any("damaged" in problem.message for problem in store.folder.take_problems())
    store.add(conversation("k3"))
    assert [c.key for c in opened(data_dir)[0].conversations()] == ["k1", "k3"]
    assert len(list(data_dir.glob("conversations.toml.broken-*"))) == 1


def test_a_lost_list_is_made_again_from_the_transcripts(store, data_dir, conversation, user):
    for key in ("k1", "k2"):
        store.add(conversation(key))
        store.transcript(key).append(user(f"Question of {key}"))
    write(data_dir, "transcripts/empty.jsonl", "")
    write(data_dir, "transcripts/garbage.jsonl", "no message\n{}\n")
    write(data_dir, "transcripts/bad name.jsonl", '{"role": "user", "text": "x"}\n')
    (data_dir / "conversations.toml").unlink()
    again, words = opened(data_dir)
    assert [(c.key, c.title) for c in again.conversations()] == [
        ("k1", "Question of k1"),
        ("k2", "Question of k2"),
    ]
    assert len(words) == 1 and words[0].startswith("2 transcripts")
    assert len(os.listdir(data_dir / "transcripts")) == 5


def test_an_entry_without_a_transcript_is_an_empty_conversation(store, data_dir, conversation, user):
    store.add(conversation("k1"))
    again, words = opened(data_dir)
    assert words == [] and len(again.transcript("k1")) == 0 and again.transcript("k1").tail(5) == []
    again.transcript("k1").append(user())
    assert len(again.transcript("k1")) == 1


def test_a_deletion_that_was_killed_half_way_ends_at_the_next_start(store, data_dir, conversation, user):
    store.add(conversation("k1"))
    store.transcript("k1").append(user())
    store.delete("k1")
    (data_dir / "trash/k1.jsonl").rename(data_dir / "transcripts/k1.jsonl")
    again, words = opened(data_dir)
    assert (again.conversations(), words) == ([], [])
    assert (data_dir / "trash/k1.jsonl").exists() and not (data_dir / "transcripts/k1.jsonl").exists()


def test_a_restoration_that_was_killed_half_way_ends_at_the_next_start(store, data_dir, conversation, user):
    store.add(conversation("k1"))
    store.transcript("k1").append(user())
    entry = data_dir / "trash/k1.toml"
    store.delete("k1")
    left = entry.read_bytes()
    store.restore("k1")
    entry.write_bytes(left)
    again, words = opened(data_dir)
    assert words == [] and again.trash.list() == [] and len(again.transcript("k1")) == 1


def test_an_index_that_can_not_be_read_is_not_overwritten(data_dir, conversation):
    (data_dir / "conversations.toml").mkdir(parents=True)
    store, words = opened(data_dir)
    assert any("could not be read" in each for each in words)
    with pytest.raises(Exception, match="could not be saved"):
        store.add(conversation("k1"))
    assert (data_dir / "conversations.toml").is_dir()


def test_a_pipe_in_place_of_a_file_does_not_hang(store, data_dir, conversation, user):
    os.mkfifo(data_dir / "transcripts/k1.jsonl")
    os.mkfifo(data_dir / "drafts/k1.txt")
    assert len(store.transcript("k1")) == 0
    assert "it is a folder or a pipe, not a file" in store.folder.take_problems()[0].message
    assert store.drafts.get("k1") == ""
    assert store.ended_badly(["k1"]) == set()
    with pytest.raises(Exception, match="it is a folder or a pipe, not a file"):
        store.transcript("k1").append(user())
