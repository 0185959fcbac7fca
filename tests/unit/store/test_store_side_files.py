import json
import os
import tomllib
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from userdesk.store.index.tables import toml_lines
from userdesk.store.store import Store


def test_drafts_are_kept_and_an_empty_one_is_removed(store, data_dir):
    store.drafts.set("k1", "line one\r\nline two 🎉 \ud800")
    store.drafts.set("k2", "x")
    again = Store(data_dir)
    assert again.drafts.get("k1") == "line one\r\nline two 🎉 ?"
    assert again.drafts.keys() == {"k1", "k2"}
    again.drafts.set("k2", "")
    again.drafts.set("never", "")
    assert store.drafts.keys() == {"k1"} and store.drafts.get("k2") == ""


def test_read_marks_of_several_windows_are_merged(store, data_dir):
    other = Store(data_dir)
    assert store.read_marks.get("k1") == 0
    store.read_marks.set("k1", 4)
    other.read_marks.set("k2", 7)
    store.read_marks.set("k3", 1)
    assert other.read_marks.all() == store.read_marks.all() == {"k1": 4, "k2": 7, "k3": 1}
    store.read_marks.forget("k1")
    assert other.read_marks.get("k1") == 0


def test_damaged_read_marks_are_no_marks(store, data_dir):
    for text in ("{", "[]", '{"k1": "x", "k2": true, "k3": -1, "k4": 2}'):
        (data_dir / "read.json").write_text(text)
        assert Store(data_dir).read_marks.all() in ({}, {"k4": 2})
    store.read_marks.set("k1", 3)
    assert json.loads((data_dir / "read.json").read_text()) == {"k4": 2, "k1": 3}


def test_the_history_keeps_the_order_and_no_repetitions_in_a_row(store, data_dir):
    for text in ("a", "b", "b", "  ", "two\nlines", "a"):
        store.history.append(text)
    again = Store(data_dir)
    assert again.history.entries() == ["a", "b", "two\nlines", "a"]
    assert again.history.entries(2) == ["two\nlines", "a"]
    with (data_dir / "history.jsonl").open("ab") as file:
        file.write(b'garbage\n{"text": 5}\n{"text": "torn')
    assert again.history.entries(1) == ["a"]
    again.history.append("after")
    assert again.history.entries(2) == ["a", "after"]


def test_the_history_reads_only_the_end_of_a_long_file(store, data_dir):
    with (data_dir / "history.jsonl").open("w") as file:
        for number in range(30_000):
            file.write(json.dumps({"text": f"{number} {'x' * 100}"}) + "\n")
    entries = store.history.entries()
    assert len(entries) == 1000 and entries[-1].startswith("29999 ")


def delete(store, key, conversation, user):
    store.add(conversation(key))
    store.transcript(key).append(user())
    store.drafts.set(key, "draft")
    store.read_marks.set(key, 1)
    store.delete(key)


def test_what_the_trash_kept_for_30_days_leaves_nothing(store, data_dir, conversation, user):
    for key in ("old", "new"):
        delete(store, key, conversation, user)
    days = [(date.today() - timedelta(days=40 - n)).isoformat() for n in range(5)]
    days += [(date.today() - timedelta(days=n)).isoformat() for n in range(4, -1, -1)]
    (data_dir / "trash/seen.json").write_text(json.dumps({"old": days}))
    (told,) = Store(data_dir).open()
    assert "removed for good" in told.message
    assert [t.conversation.key for t in store.trash.list()] == ["new"]
    assert sorted(os.listdir(data_dir / "trash")) == ["new.jsonl", "new.toml", "seen.json"]
    assert store.drafts.keys() == {"new"} and set(store.read_marks.all()) == {"new"}


def test_emptying_the_trash_leaves_nothing_of_it(store, data_dir, conversation, user):
    store.add(conversation("stays"))
    store.transcript("stays").append(user())
    for key in ("k1", "k2"):
        delete(store, key, conversation, user)
    (data_dir / "trash/k2.toml").write_text("broken [")
    assert [t.conversation.key for t in store.trash.list()] == ["k1"]
    assert store.trash.purge() == []
    assert store.trash.empty() == 2
    assert os.listdir(data_dir / "trash") == [] and os.listdir(data_dir / "transcripts") == ["stays.jsonl"]
    assert store.drafts.keys() == set() and store.read_marks.all() == {}
    assert Store(data_dir).open() == []


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    text
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.datetimes()
    | st.dates()
    | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)


@given(table=st.dictionaries(text, values, max_size=5))
@settings(max_examples=60, deadline=None)
def test_every_table_is_read_back_by_the_standard_library(table):
    assert tomllib.loads(toml_lines(table)) == table
