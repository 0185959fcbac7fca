"""Whether a conversation holds what is looked for: as a search finds it, but told with its first message."""

from collections.abc import Callable
from pathlib import Path

import pytest

from indexed_search import build, holding, segments
from userdesk.store.search.query import SearchQuery
from userdesk.store.search.search import MessageSearch

KEYS = ("k0", "k1", "k2", "k3")


@pytest.mark.parametrize("change", ["none", "appended", "replaced", "damaged index", "gone"])
def test_whether_a_conversation_holds_it_is_told_of_what_it_is_now(
    data_dir: Path, write: Callable[..., Path], change: str
) -> None:
    for key in KEYS:
        path = write(key, f"an apple in {key}", "a pear", f"a plum for {key}")
    build(data_dir)
    engine = MessageSearch(data_dir)
    assert holding(engine, "apple", *KEYS) == holding(engine, "pear", *KEYS) == [*KEYS]
    assert [holding(engine, typed, *KEYS) for typed in ("apple plum", "nowhere", "a")] == [[], [], []]
    match change:
        case "appended":
            with path.open("ab") as file:
                file.write(b'{"role": "user", "text": "a melon"}\n')
        case "replaced":
            write("k3", "a melon")
        case "damaged index":
            (segment,) = segments(data_dir)
            segment.write_bytes(segment.read_bytes()[:-1] + b"?")
        case "gone":
            path.unlink()
    for each in (engine, MessageSearch(data_dir)):
        assert holding(each, "melon", *KEYS) == (["k3"] if change in ("appended", "replaced") else [])
        assert holding(each, "plum", *KEYS) == [*KEYS[: 3 if change in ("replaced", "gone") else 4]]
        assert not each.holds(SearchQuery("plum"), "../k1")


def test_one_message_is_enough_to_tell_that_a_conversation_holds_it(
    data_dir: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("k1", *["match"] * 100)
    build(data_dir)
    looked_at = 0

    def counted(query: SearchQuery, text: str) -> bool:
        nonlocal looked_at
        looked_at += 1
        return text == "match"

    monkeypatch.setattr(SearchQuery, "is_in", counted)
    assert holding(MessageSearch(data_dir), "match", "k1") == ["k1"]
    assert looked_at == 1
