import json
import os
import tomllib
from datetime import UTC, datetime, timedelta

import pytest

from userdesk.domain.conversation import Conversation
from userdesk.store.index import fast_reader
from userdesk.store.problems import ConversationGone, StoreError
from userdesk.store.store import Store


def test_what_is_added_is_there_after_a_restart(store, data_dir, conversation):
    one = conversation(
        "k1",
        id="ea74",
        title='A "quoted" \\ title\n\x7f ü 🎉',
        chatbot_id="123456",
        base_url="https://x.example",
    )
    two = conversation("k2", pinned=True, previous_ids=("a", "b"))
    store.add(one)
    store.add(two)
    again = Store(data_dir)
    assert again.open() == []
    assert again.conversations() == [one, two]
    assert again.get("k2") == two
    assert again.get("nobody") is None


def test_every_field_of_a_conversation_is_kept(store, data_dir, conversation):
    values = {
        "id": "ea74",
        "title": "Reset a password",
        "chatbot_id": "123456",
        "base_url": "https://x.example",
        "pinned": True,
        "previous_ids": ("a", "b"),
        "extra": {"colour": "red"},
    }
    assert set(Conversation._fields) == {"key", "bot", "created", *values}
    store.add(conversation("k1", **values))
    again = Store(data_dir)
    assert again.open() == [] and again.conversations() == [conversation("k1", **values)]


def test_the_file_has_the_documented_form(store, data_dir, conversation):
    store.add(
        conversation("0a1b", id="ea74ba3d-6645", chatbot_id="123456", title="Reset a password", pinned=True)
    )
    store.add(conversation("0a1c"))
    text = (data_dir / "conversations.toml").read_text("utf-8")
    assert text == (
        "version = 1\n"
        "\n[[conversation]]\n"
        'key = "0a1b"\nid = "ea74ba3d-6645"\nbot = "acme"\nchatbot_id = "123456"\n'
        'title = "Reset a password"\ncreated = 2026-11-21T20:54:00Z\npinned = true\n'
        "\n[[conversation]]\n"
        'key = "0a1c"\nbot = "acme"\ntitle = ""\ncreated = 2026-11-21T20:54:00Z\n'
    )
    assert tomllib.loads(text)["conversation"][0]["created"] == datetime(2026, 11, 21, 20, 54, tzinfo=UTC)


def test_a_file_written_by_hand_opens_and_its_unknown_keys_survive(data_dir):
    data_dir.mkdir()
    file = data_dir / "conversations.toml"
    file.write_text(
        "version = 1\ncolour = 'blue'\n"
        "[[conversation]]\nkey = 'hand'\nbot = 'acme'\ntitle = 'By hand'\nmood = 'good'\n"
        "notes = [{ a = 1, b = [2, 'x'] }]\ncreated = 2026-11-21\n[conversation.sub]\ndeep = 1.5\n"
        "[[conversation]]\nkey = 'other'\nbot = 'acme'\nchatbot_id = 5\n[window]\nwidth = 80\n"
    )
    store = Store(data_dir)
    assert store.open() == []
    assert store.get("hand").title == "By hand"
    assert store.get("other").chatbot_id == "5"
    store.update("hand", lambda c: c.evolve(title="Renamed"))
    document = tomllib.loads(file.read_text())
    first = document["conversation"][0]
    assert document["colour"] == "blue" and document["window"] == {"width": 80}
    assert (
        first["mood"] == "good"
        and first["notes"] == [{"a": 1, "b": [2, "x"]}]
        and first["sub"] == {"deep": 1.5}
    )
    assert first["title"] == "Renamed"
    assert document["conversation"][1] == {"key": "other", "bot": "acme", "chatbot_id": 5}


def test_two_stores_on_one_folder_lose_nothing_of_each_other(store, data_dir, conversation):
    other = Store(data_dir)
    other.open()
    store.add(conversation("k1"))
    other.add(conversation("k2"))
    store.update("k2", lambda c: c.evolve(title="mine"))
    assert other.update("k2", lambda c: c.evolve(pinned=True)).title == "mine"
    store.delete("k1")
    assert [c.key for c in Store(data_dir).conversations()] == []
    assert other.reload() is True
    assert [(c.key, c.title, c.pinned) for c in other.conversations()] == [("k2", "mine", True)]
    assert other.reload() is False


def test_a_change_that_changes_nothing_does_not_touch_the_file(store, data_dir, conversation):
    store.add(conversation("k1"))
    before = (data_dir / "conversations.toml").stat()
    assert store.update("k1", lambda c: c.evolve(title="")) == conversation("k1")
    after = (data_dir / "conversations.toml").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_deleting_keeps_everything_for_the_undo(store, data_dir, conversation, user):
    kept = conversation("k1", title="Keep me", extra={"mood": "good"})
    store.add(kept)
    store.add(conversation("k2"))
    store.transcript("k1").append(user("precious"))
    store.drafts.set("k1", "half a thought")
    store.delete("k1")
    assert [c.key for c in store.conversations()] == ["k2"]
    assert not (data_dir / "transcripts/k1.jsonl").exists()
    assert [t.conversation for t in store.trash.list()] == [kept]
    assert store.restore("k1") == kept
    again = Store(data_dir)
    again.open()
    assert [c.key for c in again.conversations()] == ["k2", "k1"] and again.get("k1") == kept
    assert [m.text for m in store.transcript("k1")] == ["precious"]
    assert store.drafts.get("k1") == "half a thought"
    assert store.trash.list() == []
    with pytest.raises(ConversationGone):
        store.restore("k1")


@pytest.mark.parametrize(
    "change", [{"title": "late"}, {"pinned": True}, {"id": None, "previous_ids": ("e1",)}, {"id": "e2"}]
)
def test_what_changes_after_the_deletion_comes_back_with_the_conversation(
    store, data_dir, conversation, change
):
    kept = conversation("k1", id="e1", title="early", extra={"mood": "good"})
    store.add(kept)
    other = Store(data_dir)
    other.open()
    store.delete("k1")
    (before,) = store.trash.list()
    assert other.update("k1", lambda c: c.evolve(**change)) == kept.evolve(**change)
    assert other.conversations() == []
    assert [trashed.deleted for trashed in store.trash.list()] == [before.deleted]
    assert store.restore("k1") == kept.evolve(**change)
    assert Store(data_dir).open() == []


def test_what_is_gone_for_good_can_not_be_changed(store, data_dir, conversation):
    store.add(conversation("k1"))
    other = Store(data_dir)
    other.open()
    store.delete("k1")
    store.trash.empty()
    with pytest.raises(ConversationGone) as caught:
        other.update("k1", lambda c: c.evolve(title="late"))
    assert "deleted" in caught.value.message
    assert other.conversations() == []


def test_what_was_deleted_meanwhile_is_revived_as_it_stands_in_the_trash(store, data_dir, conversation, user):
    mine = conversation("k1", title="early")
    store.add(mine)
    store.transcript("k1").append(user("before"))
    other = Store(data_dir)
    other.open()
    assert other.restore_if_deleted(mine) is False
    store.update("k1", lambda c: c.evolve(title="renamed"))
    store.delete("k1")
    assert other.restore_if_deleted(mine) is True
    assert other.get("k1").title == "renamed" and other.trash.keys() == []
    assert [m.text for m in other.transcript("k1")] == ["before"]
    store.delete("k1")
    store.trash.empty()
    assert other.restore_if_deleted(mine) is True and other.get("k1") == mine


def test_lines_of_an_answer_that_ended_after_the_deletion_come_back_too(store, data_dir, conversation, user):
    store.add(conversation("k1"))
    transcript = store.transcript("k1")
    transcript.append(user("before"))
    held = Store(data_dir).transcript("k1")
    assert len(held) == 1
    store.delete("k1")
    assert held.append(user("after")) == 1
    transcript.refresh()
    assert [m.text for m in held] == [m.text for m in transcript] == ["before", "after"]
    assert not (data_dir / "transcripts/k1.jsonl").exists()  # it came along into the trash
    assert Store(data_dir).open() == []
    store.restore("k1")
    assert [m.text for m in Store(data_dir).transcript("k1")] == ["before", "after"]


@pytest.mark.parametrize("head", ["", "version = 0\n", "version = -1\n"])
def test_an_older_version_is_upgraded_and_its_original_kept(data_dir, conversation, head):
    data_dir.mkdir()
    file = data_dir / "conversations.toml"
    original = (
        f"# by hand\n{head}colour = 'blue'\n\n[[conversation]]\nkey = 'k1'\nbot = 'acme'\nmood = 'good'\n"
    )
    file.write_text(original)
    store = Store(data_dir)
    (problem,) = store.open()
    (kept,) = data_dir.glob("conversations.toml.before-version-1-*")
    assert kept.read_text() == original and kept.name in problem.message and "upgraded" in problem.message
    assert tomllib.loads(file.read_text()) == {
        "version": 1,
        "colour": "blue",
        "conversation": [{"key": "k1", "bot": "acme", "mood": "good"}],
    }
    assert [c.extra["mood"] for c in store.conversations()] == ["good"]
    before = file.stat().st_ino
    again = Store(data_dir)
    assert again.open() == [] and file.stat().st_ino == before
    again.add(conversation("k2"))
    assert len(list(data_dir.glob("conversations.toml.*"))) == 1


def test_an_older_version_on_a_disk_that_takes_nothing_is_read(data_dir):
    data_dir.mkdir()
    file = data_dir / "conversations.toml"
    file.write_text("[[conversation]]\nkey = 'k1'\nbot = 'acme'\n")
    (data_dir / ".lock").mkdir()  # what can't be locked can't be written
    store = Store(data_dir)
    assert any("could not be saved" in problem.message for problem in store.open())
    assert [c.key for c in store.conversations()] == ["k1"]
    assert "version" not in file.read_text()


def test_a_version_in_quotes_is_told_and_the_original_kept_before_it_is_written(data_dir, conversation):
    data_dir.mkdir()
    file = data_dir / "conversations.toml"
    file.write_text("version = '1'\n[[conversation]]\nkey = 'k1'\nbot = 'acme'\n")
    store = Store(data_dir)
    (problem,) = store.open()
    assert "version should be a number, not '1'" in problem.message and not store.folder.read_only
    store.add(conversation("k2"))
    assert tomllib.loads(file.read_text())["version"] == 1
    (kept,) = data_dir.glob("conversations.toml.set-aside-*")
    assert kept.read_text().startswith("version = '1'")


@pytest.mark.parametrize("version", ["2", "'two'", "'3'", "1.5", "true"])
def test_a_newer_version_is_only_read(data_dir, version, conversation, user):
    data_dir.mkdir()
    file = data_dir / "conversations.toml"
    file.write_text(f"version = {version}\n[[conversation]]\nkey = 'k1'\nbot = 'acme'\ntitle = 'New'\n")
    before = file.read_bytes()
    store = Store(data_dir)
    problems = store.open()
    told = " ".join(p.message for p in problems)
    assert store.folder.read_only and "Conversations can be read, but nothing is saved" in told
    assert "newer version" in told or "should be a number" in told
    assert [c.title for c in store.conversations()] == ["New"]
    for write in (
        lambda: store.add(conversation("k2")),
        lambda: store.delete("k1"),
        lambda: store.update("k1", lambda c: c.evolve(title="x")),
        lambda: store.transcript("k1").append(user()),
        lambda: store.begin_answer("k1", "t1"),
        lambda: store.drafts.set("k1", "x"),
        lambda: store.read_marks.set("k1", 1),
        lambda: store.history.append("x"),
    ):
        with pytest.raises(StoreError) as caught:
            write()
        assert "newer version" in caught.value.message
    assert file.read_bytes() == before
    assert os.listdir(data_dir) == ["conversations.toml"]


def test_a_version_that_becomes_newer_while_running_is_not_overwritten(store, data_dir, conversation):
    store.add(conversation("k1"))
    (data_dir / "conversations.toml").write_text("version = 7\n")
    with pytest.raises(StoreError):
        store.add(conversation("k2"))
    assert store.folder.read_only
    assert (data_dir / "conversations.toml").read_text() == "version = 7\n"


def test_recency_comes_from_the_transcripts(store, data_dir, conversation, user):
    quiet, busy = conversation("quiet"), conversation("busy")
    store.add(quiet)
    store.add(busy)
    store.transcript("busy").append(user())
    later = (quiet.created + timedelta(days=3)).timestamp()
    os.utime(data_dir / "transcripts/busy.jsonl", (later, later))
    assert store.recencies() == {"quiet": quiet.created.timestamp(), "busy": later}
    assert store.recency(quiet) == quiet.created
    assert store.recency(busy) == datetime.fromtimestamp(later, UTC)


@pytest.mark.parametrize("key", ["../../x", "", "a/b", "a.b", "x" * 101, "ü"])
def test_a_key_can_not_lead_out_of_the_folder(store, data_dir, conversation, key):
    with pytest.raises(ValueError):
        store.add(conversation(key))
    with pytest.raises(ValueError):
        store.transcript(key)
    with pytest.raises(ValueError):
        store.drafts.set(key, "x")
    with pytest.raises(ValueError):
        store.begin_answer("k1", key)
    assert not list(data_dir.parent.rglob("x*"))


def test_sending_does_not_rewrite_the_list(store, data_dir, conversation, user):
    store.add(conversation("k1"))
    before = (data_dir / "conversations.toml").stat().st_ino
    store.transcript("k1").append(user())
    store.begin_answer("k1", "t1").finish(user("answer"))
    assert (data_dir / "conversations.toml").stat().st_ino == before
    line = (data_dir / "transcripts/k1.jsonl").read_text().splitlines()[0]
    assert json.loads(line) == {
        "role": "user",
        "text": "Hello?",
        "at": "2026-11-21T20:54:00Z",
        "status": "complete",
    }


def test_a_transcript_is_one_object_for_all_who_hold_it(store, user):
    held = store.transcript("k1")
    for key in ("a", "b", "c", "d", "e"):
        store.transcript(key).append(user())
    assert store.transcript("k1") is held
    store.transcript("k1").append(user("seen by both"))
    assert held[0].text == "seen by both"


def test_a_conversation_is_added_and_changed_without_the_others_being_read(
    store, data_dir, conversation, monkeypatch
):
    for number in range(3):
        store.add(conversation(f"k{number}", title=f"Title {number}", id=f"id-{number}"))
    before = (data_dir / "conversations.toml").read_bytes()
    looks = fast_reader.facts_of

    def facts_of(source, pieces):
        assert not pieces, "each entry was looked at"
        return looks(source, pieces)

    monkeypatch.setattr(fast_reader, "facts_of", facts_of)
    light = Store(data_dir)
    assert light.open(whole=False) == []
    light.add(conversation("new"))
    after = (data_dir / "conversations.toml").read_bytes()
    assert after.startswith(before)
    light.update("new", lambda saved: saved.with_id("id-new"))
    light.update("k1", lambda saved: saved.evolve(title="Other"))
    assert [each.key for each in light.entries.named("id-2")] == ["k2"]
    written = (data_dir / "conversations.toml").read_bytes()
    assert written.startswith(before.partition(b"Title 1")[0]) and b"Other" in written


def test_a_conversation_written_without_a_title_gets_that_of_its_first_question(data_dir):
    (data_dir / "transcripts").mkdir(parents=True)
    entries = ["version = 1\n"]
    for key, lines in {
        "asked": ["assistant: Welcome", "user: ", "user: What about\\nme?", "user: And you?"],
        "greeted": ["assistant: Welcome"],
        "blank": [],
    }.items():
        entries.append(f'[[conversation]]\nkey = "{key}"\nbot = "acme"\nnote = "kept"\n')
        messages = [line.partition(": ") for line in lines]
        text = "".join(f'{{"role": "{role}", "text": "{said}"}}\n' for role, _, said in messages)
        (data_dir / "transcripts" / f"{key}.jsonl").write_text(text, "utf-8")
    (data_dir / "conversations.toml").write_text("\n".join(entries), "utf-8")
    store = Store(data_dir)
    assert store.open() == []
    assert {each.key: each.title for each in store.conversations()} == {
        "asked": "What about",
        "greeted": "",
        "blank": "",
    }
    written = (data_dir / "conversations.toml").read_text("utf-8")
    assert 'title = "What about"' in written and written.count('note = "kept"') == 3
    assert not list(data_dir.glob("conversations.toml.*"))
