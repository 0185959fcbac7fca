"""What is said of answers is kept beside the transcript, and goes where its conversation goes."""

import json
from datetime import UTC, datetime

import pytest

from userdesk.domain.message import Message, Role
from userdesk.domain.verdict import Judgement, Verdict, split_filter
from userdesk.store import ConversationGone, Store, StoreError
from userdesk.store.purging import purge_everything
from userdesk.store.search.judged import find_judged
from userdesk.store.search.query import SearchQuery
from userdesk.store.verdicts import Judged, judged_in

AT = datetime(2026, 11, 28, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 28, 10, tzinfo=UTC)


def answer(text: str = "It costs 9 €.", at: datetime = AT) -> Message:
    return Message(role=Role.ASSISTANT, text=text, at=at)


@pytest.fixture
def talk(store, conversation, user):
    """A conversation of two questions that got the same answer."""
    store.add(conversation())
    for message in (user("Price?"), answer(), user("Again?"), answer(at=LATER)):
        store.transcript("k1").append(message)
    return store


def judge(store, place: int, **change: str | None) -> None:
    store.verdicts.add("k1", Judged.of(place, store.transcript("k1")[place]), change, AT)


def found(store) -> dict[int, Judgement]:
    judged = judged_in(store.transcript("k1"), store.verdicts.of("k1"))
    return {place: each.judgement for place, each in judged.items()}


def test_the_last_word_on_each_thing_counts(talk, data_dir):
    judge(talk, 1, verdict="bad")
    judge(talk, 1, note="10 € since May")
    judge(talk, 3, verdict="bad")
    judge(talk, 3, verdict="good")
    assert found(Store(data_dir)) == {
        1: Judgement(Verdict.BAD, "10 € since May", AT),
        3: Judgement(Verdict.GOOD, "", AT),
    }
    judge(talk, 3, verdict=None)
    judge(talk, 1, note=None)
    assert found(Store(data_dir)) == {1: Judgement(Verdict.BAD, "", AT)}
    assert len((data_dir / "verdicts" / "k1.jsonl").read_bytes().splitlines()) == 6


def test_two_who_judge_one_answer_lose_nothing_of_each_other(talk, data_dir):
    other = Store(data_dir)
    judged = Judged.of(1, talk.transcript("k1")[1])
    talk.verdicts.add("k1", judged, {"verdict": "bad"}, AT)
    other.verdicts.add("k1", judged, {"note": "too dear"}, LATER)
    assert found(talk)[1] == found(other)[1] == Judgement(Verdict.BAD, "too dear", LATER)


def test_an_answer_is_known_again_where_others_were_put_before_it(talk, data_dir):
    judge(talk, 3, verdict="bad")
    path = data_dir / "transcripts" / "k1.jsonl"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(['{"role": "user", "text": "By hand"}', *lines]) + "\n", "utf-8")
    again = Store(data_dir)
    assert list(found(again)) == [4]
    # what is said of it now is said of the same answer
    (judged,) = again.verdicts.of("k1")
    again.verdicts.add("k1", judged, {"verdict": "good"}, LATER)
    assert found(Store(data_dir)) == {4: Judgement(Verdict.GOOD, "", LATER)}
    path.write_text("\n".join(lines[:3]) + "\n", "utf-8")
    assert found(Store(data_dir)) == {}, "the equal answer of another time is another one"


def test_answers_without_a_time_are_told_apart_by_their_place(store, conversation, data_dir):
    store.add(conversation())
    line = json.dumps({"role": "assistant", "text": "Sorry?"})
    (data_dir / "transcripts" / "k1.jsonl").write_text(f"{line}\n{line}\n")
    judge(store, 1, verdict="bad")
    assert list(found(Store(data_dir))) == [1]


def test_what_is_damaged_is_told_once_and_the_rest_is_kept(talk, data_dir):
    judge(talk, 1, verdict="bad")
    path = data_dir / "verdicts" / "k1.jsonl"
    whole = path.read_bytes()
    for line in (b"garbage", b'{"message": -1, "sha256": "x"}', whole.strip().replace(b'"bad"', b'"meh"')):
        path.write_bytes(line + b"\n" + whole + b'{"message": 1, "sha')
        again = Store(data_dir)
        assert found(again) == {1: Judgement(Verdict.BAD, "", AT)}
        (problem,) = again.folder.take_problems()
        assert problem.message == "The verdicts in k1.jsonl: 2 lines can't be read and stayed unchanged"
        assert problem.lasting and found(again) and not again.folder.take_problems()
        # what was torn spoils no later line
        judge(again, 3, verdict="good")
        assert set(found(Store(data_dir))) == {1, 3}


def test_lines_of_a_newer_version_say_what_is_known_of_them(talk, data_dir):
    judge(talk, 1, verdict="bad")
    path = data_dir / "verdicts" / "k1.jsonl"
    record = json.loads(path.read_text()) | {"version": 2, "colour": "red"}
    path.write_text(json.dumps(record) + "\n")
    assert found(Store(data_dir)) == {1: Judgement(Verdict.BAD, "", AT)}


def test_they_go_into_the_trash_and_come_back_with_their_conversation(talk, data_dir):
    judge(talk, 1, verdict="bad")
    talk.delete("k1")
    assert not (data_dir / "verdicts" / "k1.jsonl").exists() and not talk.verdicts.kinds()
    judge(talk, 1, note="judged in another window")
    talk.restore("k1")
    assert found(talk) == {1: Judgement(Verdict.BAD, "judged in another window", AT)}
    assert not list((data_dir / "trash").glob("k1*"))


@pytest.mark.parametrize("deleted", [False, True])
def test_they_go_for_good_with_their_conversation(talk, data_dir, deleted):
    judge(talk, 1, note="a secret note")
    if deleted:
        talk.delete("k1")
    talk.erase(["k1"])
    with pytest.raises(ConversationGone):
        talk.verdicts.add("k1", Judged(1, "x", ""), {"verdict": "bad"}, AT)
    assert not [path for path in data_dir.rglob("*") if "k1" in path.name]


def test_everything_is_everything(talk, data_dir):
    judge(talk, 1, verdict="bad")
    (data_dir / "verdicts" / "lost.jsonl").write_text("of nobody")
    purge_everything(talk)
    assert not list((data_dir / "verdicts").iterdir())


def test_a_folder_of_a_newer_version_takes_none(talk):
    talk.folder.read_only = True
    with pytest.raises(StoreError):
        judge(talk, 1, verdict="bad")


def test_conversations_are_found_by_what_one_answer_is(talk, data_dir):
    judge(talk, 1, verdict="bad")
    judge(talk, 3, note="why not")
    assert talk.verdicts.kinds() == {"k1": {frozenset({"bad"}), frozenset({"note"})}}
    judge(talk, 3, note=None)
    judge(Store(data_dir), 1, note="and why")
    assert talk.verdicts.kinds() == {"k1": {frozenset({"bad", "note"})}}
    judge(talk, 1, verdict=None)
    judge(talk, 1, note=None)
    assert talk.verdicts.kinds() == {}


def test_filters_are_words_with_a_meaning():
    assert split_filter("price  IS:bad") == ("price", {"bad"})
    assert split_filter("is:good has:note") == ("", {"good", "note"})
    assert split_filter("is:b two  words") == ("is:b two  words", frozenset())


def passages(store, typed: str) -> list[tuple[int, str, str]]:
    words, kinds = split_filter(typed)
    found = [
        each for found in find_judged(store, SearchQuery(words), kinds, ["none", "k1"]) for each in found
    ]
    assert {each.key for each in found} <= {"k1"}
    return [(each.index, each.line, each.aside) for finding in found for each in finding.passages]


def test_judged_answers_are_found_by_what_was_asked_answered_and_noted(talk):
    judge(talk, 1, verdict="bad")
    judge(talk, 3, verdict="bad", note="too dear")
    assert passages(talk, "is:bad") == [
        (3, "It costs 9 €.", "✗ bad · too dear"),
        (1, "It costs 9 €.", "✗ bad"),
    ]
    assert [place for place, *_ in passages(talk, "is:bad AGAIN")] == [3]
    assert [place for place, *_ in passages(talk, "dear costs is:bad")] == [3]
    assert [place for place, *_ in passages(talk, "has:note is:bad")] == [3]
    assert passages(talk, "is:good") == passages(talk, "is:bad nonsense") == []
    talk.update("k1", lambda saved: saved.evolve(title="Renamed"))
    assert len(passages(talk, "is:bad renamed")) == 2


def test_only_the_newest_are_found_where_there_are_very_many(talk, monkeypatch):
    monkeypatch.setattr("userdesk.store.search.judged.LIMIT", 1)
    judge(talk, 1, verdict="bad")
    judge(talk, 3, verdict="bad")
    assert [place for place, *_ in passages(talk, "is:bad")] == [3]
