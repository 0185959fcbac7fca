"""Beyond the newest conversations the search trusts the index, and makes sure of it last."""

from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

from indexed_search import build, places
from userdesk.store.search import search
from userdesk.store.search.query import SearchQuery
from userdesk.store.search.search import MessageSearch

KEYS = [f"k{number:02d}" for number in range(40)]


@pytest.fixture
def many(data_dir: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Conversations with a number each, every seventh with a word, of which the index trusts all but two."""
    monkeypatch.setattr(search, "AS_KNOWN", 2)
    for number, key in enumerate(KEYS):
        write(key, f"number{number}", "every seventh" if not number % 7 else "no such", "everywhere")
    build(data_dir, segment_size=500)
    return data_dir


def test_each_is_found_that_holds_it(many: Path) -> None:
    engine = MessageSearch(many)
    for number, key in enumerate(KEYS):
        assert [found[0] for found in places(engine, f"number{number} ", *KEYS) if found[2]][:1] == [key]
    assert [found[0] for found in places(engine, "seventh", *KEYS)] == KEYS[::7]
    assert {found[0] for found in places(engine, "everywhere", *KEYS)} == set(KEYS)
    assert places(engine, "nowhere", *KEYS) == places(engine, "seventh number1", *KEYS) == []


def test_one_that_was_changed_since_is_found(many: Path, write: Callable[..., Path]) -> None:
    engine = MessageSearch(many)
    assert places(engine, "zanzibar", *KEYS) == []
    write(KEYS[30], "zanzibar")
    assert [found[0] for found in places(engine, "zanzibar", *KEYS)] == [KEYS[30]]


def test_one_that_is_indexed_while_a_search_goes_on_is_found(
    many: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another search takes it in: then it is known, and was not among those that this one asked about."""
    monkeypatch.setattr(search, "SLICE", -1.0)  # each step is handed over
    monkeypatch.setattr(search, "YIELD_AFTER", -1.0)  # and each conversation is a step
    engine = MessageSearch(many)
    late: list[str] = []
    slices = engine.find(SearchQuery("zanzibar seventh"), chain(KEYS[:10], late, KEYS[10:]))
    assert [next(slices) for _ in range(4)] == [[]] * 4, "some were looked into, and others excluded"
    write("late", "zanzibar, the seventh")
    build(many, segment_size=500)
    late.append("late")
    assert places(engine, "seventh", *KEYS)
    assert [found.key for slice_ in slices for found in slice_] == ["late"]
