import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexed_search import IndexedSearch
from userdesk.domain.message import Message, Role
from userdesk.domain.safe_text import clean
from userdesk.domain.text_folding import fold_letters, plain_bytes
from userdesk.store.search import line_search, search
from userdesk.store.search.query import SearchQuery
from userdesk.store.search.search import EACH, LIMIT, Finding, MessageSearch
from userdesk.store.store import Store
from userdesk.store.transcript import long_line
from userdesk.store.transcript.transcript import Transcript


def find(engine: MessageSearch, typed: str, *keys: str) -> list[Finding]:
    return [finding for slice_ in engine.find(SearchQuery(typed), keys or ("k1",)) for finding in slice_]


def places(findings: list[Finding]) -> list[tuple[str, int]]:
    return [(finding.key, passage.index) for finding in findings for passage in finding.passages]


@pytest.fixture
def say(store: Store, user: Callable[..., Message]) -> Callable[..., None]:
    def append(*texts: str, key: str = "k1") -> None:
        for text in texts:
            store.transcript(key).append(user(text))

    return append


@pytest.fixture(params=[MessageSearch, IndexedSearch], ids=["from the transcripts", "from the index"])
def engine(data_dir: Path, store: Store, request: pytest.FixtureRequest) -> MessageSearch:
    engine: MessageSearch = request.param(data_dir)
    return engine


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Where is my Refund?", "refund"),
        ("refund", "REFUND"),
        ("Die Straße", "strasse"),
        ("Die STRASSE", "straße"),
        ("Ganz GROẞ", "groß"),
        ("ÜBERMUT", "übermut"),
        ("süß", "SÜSS"),
        ("Привет, мир", "привет"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("a table in the Café", "cafe"),
        ("the cafe\u0301's menu", "cafe"),
        ("no accent in cafe", "café"),
        ("CRÈME BRÛLÉE", "creme brulee"),
        ("Tiếng Việt", "tieng viet"),
        ("smørrebrød in Łódź", "smorrebrod lodz"),
        ("la sœur", "soeur"),
        ("Где ёлка?", "елка"),
        ("ﬁne", "fine"),
        ("273 \u212a", "273 k"),
        ("family 👩\u200d👩\u200d👧 ticket", "👩👩👧"),
        ("with love ❤\ufe0f", "❤"),
        ("ガラス", "ガラス"),
        ("退款政策是什么", "政策"),
        ("款", "款"),
        ("one\ntwo", "two one"),
        ('she said "no"', '"no"'),
        ("C:\\users\\new", "\\users\\new"),
        ("a\tb c", "b c"),
        ("🎉 done", "🎉"),
        ("an escape \x1b[31m here", "[31m here"),
    ],
)
def test_a_message_is_found_in_any_case_and_script(
    say: Callable[..., None], engine: MessageSearch, text: str, typed: str
) -> None:
    say("something else", text)
    assert places(find(engine, typed)) == [("k1", 1)]
    assert places(find(engine, typed)) == [("k1", 1)], "from memory as from the disk"


@pytest.mark.parametrize("typed", ["assistant", "role", "status", "complete", "2026", "text", "nthe", "at"])
def test_only_what_was_said_is_searched(say: Callable[..., None], engine: MessageSearch, typed: str) -> None:
    say("one\nthe other")
    assert find(engine, typed) == []


def test_all_words_must_stand_in_one_message(say: Callable[..., None], engine: MessageSearch) -> None:
    say("red apple", "green pear", "a pear that is red")
    assert places(find(engine, "red pear")) == [("k1", 2)]


def test_conversations_come_in_order_and_their_newest_messages_first(
    say: Callable[..., None], engine: MessageSearch
) -> None:
    say("match 0", "no", "match 2", key="old")
    say("match 0", key="new")
    assert places(find(engine, "match", "new", "old")) == [("new", 0), ("old", 2), ("old", 0)]


def test_one_conversation_does_not_fill_the_results(say: Callable[..., None], engine: MessageSearch) -> None:
    say(*["match"] * (EACH + 1))
    say(*["match"] * EACH, key="k2")
    long, short = find(engine, "match", "k1", "k2")
    assert [passage.index for passage in long.passages] == [5, 4, 3, 2, 1]
    assert (long.more, short.more) == (True, False)


def test_no_more_than_the_limit_is_found(data_dir: Path, engine: MessageSearch) -> None:
    keys = [f"c{number}" for number in range(LIMIT // EACH + 5)]
    for key in keys:
        lines = [json.dumps({"role": "user", "text": "match"})] * EACH
        (data_dir / "transcripts" / f"{key}.jsonl").write_text("\n".join(lines))
    assert len(places(find(engine, "match", *keys))) == LIMIT


def test_one_letter_is_not_searched_for(say: Callable[..., None], engine: MessageSearch) -> None:
    say("a b c")
    assert find(engine, "a") == []
    assert find(engine, " ") == []


def test_the_line_shown_is_safe_and_marks_what_was_found(
    say: Callable[..., None], engine: MessageSearch
) -> None:
    say("First line\n  the \x1b]52;c;eA==\x07 Refund\u202e [/b] policy  \nlast line")
    passage = find(engine, "refund")[0].passages[0]
    assert passage.line == "the \ufffd]52;c;eA==\ufffd Refund\ufffd [/b] policy"
    assert [passage.line[slice(*span)] for span in passage.spans] == ["Refund"]


def test_a_long_line_is_cut_round_the_match(say: Callable[..., None], engine: MessageSearch) -> None:
    say("x " * 50_000 + "here is the Needle " + "y " * 50_000)
    passage = find(engine, "needle")[0].passages[0]
    assert len(passage.line) <= 400
    assert [passage.line[slice(*span)] for span in passage.spans] == ["Needle"]


def test_marks_stand_right_where_letters_fold_to_two() -> None:
    line, spans = SearchQuery("füße").excerpt("Große Füße, ẞ Füße")
    assert [line[slice(*span)] for span in spans] == ["Füße", "Füße"]
    line, spans = SearchQuery("pear red").excerpt("a red, a pear")
    assert [line[slice(*span)] for span in spans] == ["red", "pear"]


def test_marks_take_the_accents_along() -> None:
    line, spans = SearchQuery("cafe").excerpt("Café, cafe\u0301s, 👩\u200d👧")
    assert [line[slice(*span)] for span in spans] == ["Café", "cafe\u0301"]
    assert [line[slice(*span)] for span in SearchQuery("👩👧").spans(line)] == ["👩\u200d👧"]


def test_kana_with_other_sounds_are_other_letters(say: Callable[..., None], engine: MessageSearch) -> None:
    say("ガラス", "はな")
    assert find(engine, "カラス") == []
    assert find(engine, "ばな") == []


def test_lines_written_by_others_are_found(data_dir: Path, engine: MessageSearch) -> None:
    path = data_dir / "transcripts" / "k1.jsonl"
    lines = [
        '\ufeff{"text": "text first: Grüße", "role": "user"}',
        "",
        "not a message: Grüße",
        '   {"role":"assistant","text":"escaped: Gr\\u00fc\\u00dfe"}   ',
        '{"role": "user", "text": 7, "note": "Grüße"}',
        '{"role": "user", "text": "torn: Grüße',
        '{"role": "martian", "text": "Grüße"}',
        '{"role": "user", "text": "open end: Grüße", "at": "2026-01-01T00:00:00Z"}',
    ]
    path.write_text("\n".join(lines), "utf-8")
    transcript = Transcript(path)
    found = [index for _, index in places(find(engine, "grüße"))]
    assert sorted(found) == [i for i in range(len(transcript)) if "Gr" in transcript[i].text]
    assert len(found) == 4


def test_what_is_kept_follows_the_file(
    say: Callable[..., None], engine: MessageSearch, data_dir: Path
) -> None:
    say("first")
    assert find(engine, "second") == []
    say("second")
    assert places(find(engine, "second")) == [("k1", 1)]
    (data_dir / "transcripts" / "k1.jsonl").unlink()
    assert find(engine, "second") == []


def test_memory_is_bounded(say: Callable[..., None], data_dir: Path, store: Store) -> None:
    texts = ["x" * 300 + " match", "y" * 300 + " match"]
    for number, text in enumerate(texts):
        say(text, key=f"k{number}")
    engine = MessageSearch(data_dir, kept=400)
    for _ in engine.read_ahead(["k0", "k1"]):
        pass
    for _ in range(2):
        assert places(find(engine, "match", "k0", "k1")) == [("k0", 0), ("k1", 0)]
    kept = engine.kept
    assert sum(len(each.plain) for each in kept.values()) + engine.room == 400
    assert list(kept) == ["k0"]


def test_a_text_of_any_length_shows_the_line_with_the_phrase(
    say: Callable[..., None], engine: MessageSearch
) -> None:
    filler = "\n".join(f"line {number} {'filler ' * 10}" for number in range(10_000))
    say(f"a pear\n{filler}\nan apple, red\n{filler}\na Red Apple\n{filler}")
    passage = find(engine, "red apple")[0].passages[0]
    assert passage.line == "a Red Apple"
    assert [passage.line[slice(*span)] for span in passage.spans] == ["Red Apple"]
    assert find(engine, "pear apple") and not find(engine, "pear grape")


def test_of_a_text_beyond_the_limit_what_is_shown_is_found(
    say: Callable[..., None], engine: MessageSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it parsed or folded in one call would keep every key waiting."""
    folded: list[int] = []

    def fold(text: bytes) -> bytes:
        folded.append(len(text))
        return plain_bytes(text)

    monkeypatch.setattr(line_search, "plain_bytes", fold)
    for module in (line_search, long_line):
        monkeypatch.setattr(module, "LONGEST_ANSWER", 700_000)
    say("an äpple\n" + "filler " * 150_000 + "a pear")
    assert places(find(engine, "apple")) == [("k1", 0)]
    assert find(engine, "apple")[0].passages[0].line == "an äpple"
    assert find(engine, "filler") and not find(engine, "pear") and not find(engine, "grape")
    assert max(folded, default=0) < 100_000


def test_a_file_that_cannot_be_read_holds_nothing(
    say: Callable[..., None], engine: MessageSearch, data_dir: Path
) -> None:
    os.mkfifo(data_dir / "transcripts" / "pipe.jsonl")
    (data_dir / "transcripts" / "folder.jsonl").mkdir()
    say("match")
    assert places(find(engine, "match", "pipe", "folder", "missing", "../../etc/passwd", "k1")) == [("k1", 0)]


def test_long_transcripts_are_searched_in_pieces(
    say: Callable[..., None], engine: MessageSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (search, line_search):
        monkeypatch.setattr(module, "PIECE", 300)
    say("match one", *["filler " * 10] * 7, "long " * 200 + "match", *["filler"] * 5, "match two")
    assert places(find(engine, "match")) == [("k1", 14), ("k1", 8), ("k1", 0)]


def test_a_search_hands_over_often_and_can_be_given_up(
    say: Callable[..., None], engine: MessageSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "SLICE", 0.0)
    keys = [f"k{number}" for number in range(5)]
    for key in keys:
        say("match", key=key)
    slices = engine.find(SearchQuery("match"), keys)
    first = [next(slices), next(slices), next(slices)]
    assert sum(map(len, first)) < len(keys)
    slices.close()
    assert len(find(engine, "match", *keys)) == len(keys)


ALPHABET = 'aAsSßẞſüÜ "\\\n/u0ée\u0301œoøΣσςжガか\u3099款👩\u200d\ufe0f'


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.text(ALPHABET, max_size=8), min_size=1, max_size=4), st.text(ALPHABET, min_size=2, max_size=4)
)
def test_nothing_is_missed_and_nothing_made_up(
    data_dir: Path, user: Callable[..., Message], texts: list[str], typed: str
) -> None:
    path = data_dir / "transcripts" / "k1.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    from userdesk.store.transcript.lines import encode

    path.write_bytes(b"".join(encode(user(text, role=Role.ASSISTANT)) for text in texts))
    wanted = SearchQuery(typed)
    words = fold_letters(clean(typed)).split()
    holding = [i for i, text in enumerate(texts) if all(word in fold_letters(clean(text)) for word in words)]
    found = [index for _, index in places(find(MessageSearch(data_dir), typed))]
    assert sorted(found) == (holding if wanted.is_telling and words else [])
