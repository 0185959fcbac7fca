import gc
import weakref
from collections.abc import Iterator

import pytest

from userdesk.tui import garbage
from userdesk.tui.garbage import LEFT, OFTEN, REST, THRESHOLDS, GarbageCollector, keep


class Node:
    """Refers to itself: only a collection frees it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def nothing_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "LEFT", 0)


@pytest.fixture
def collector() -> Iterator[GarbageCollector]:
    begun = GarbageCollector()
    begun.begin()
    yield begun
    begun.end()


def test_the_collector_is_left_as_it_was_found() -> None:
    before = gc.isenabled(), gc.get_threshold(), list(gc.callbacks)
    gc.disable()
    one = GarbageCollector()
    one.begin()
    assert (gc.isenabled(), gc.get_threshold()) == (True, THRESHOLDS)
    one.end()
    assert not gc.isenabled()
    gc.enable()
    assert (gc.isenabled(), gc.get_threshold(), list(gc.callbacks)) == before


def test_a_thread_that_comes_late_begins_nothing() -> None:
    before = gc.get_threshold(), list(gc.callbacks)
    late = GarbageCollector()
    late.end()
    late.begin()
    assert (gc.get_threshold(), list(gc.callbacks)) == before


def test_what_a_full_collection_leaves_is_looked_at_again_unless_it_is_much(
    collector: GarbageCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "LEFT", 5_000)
    few = [Node() for _ in range(100)]
    gc.collect()
    few = [each for each in gc.get_objects(generation=2) if isinstance(each, Node)]
    assert len(few) == 100
    many = [Node() for _ in range(6_000)]
    gc.collect()
    assert collector.frozen == 1
    assert not any(isinstance(each, Node) for each in gc.get_objects(generation=2))
    assert len(many) == 6_000


@pytest.mark.usefixtures("nothing_left")
def test_what_became_garbage_when_it_was_frozen_is_found_at_rest(collector: GarbageCollector) -> None:
    node = Node()
    gc.collect()
    gone = weakref.ref(node)
    del node
    gc.collect()
    assert gone() is not None
    assert not collector.rest(REST / collector.frozen - 1), "too soon"
    assert gone() is not None
    assert collector.rest(REST / collector.frozen), "the more often, the sooner"
    assert gone() is None
    assert not collector.rest(10 * REST), "there is nothing new to look at"


@pytest.mark.usefixtures("nothing_left")
def test_memory_does_not_grow_without_end_where_nobody_rests(collector: GarbageCollector) -> None:
    kept: list[Node] = []
    while collector.frozen < OFTEN:
        assert not collector.rest(0)
        kept += [Node() for _ in range(5_000)]
        gc.collect()
    assert collector.rest(0)


def test_collections_stay_short_after_a_rest_in_which_much_was_there(collector: GarbageCollector) -> None:
    much = [[each] for each in range(400_000)]
    assert collector.rest(1_000)
    new = [[each] for each in range(2 * LEFT)]
    assert collector.frozen, "they wait until a quarter of all that is there is new"
    assert (len(much), len(new)) == (400_000, 2 * LEFT)


def test_the_longer_it_takes_the_longer_nobody_must_have_typed(collector: GarbageCollector) -> None:
    collector.frozen = OFTEN - 1
    assert collector.rest(REST / OFTEN * 2)
    for _ in range(200):
        keep()  # a third of a second
    for collector.frozen in range(1, 2 * OFTEN):
        assert not collector.rest(0)
        assert not collector.rest(REST / OFTEN * 2), "a key may come any moment"
    assert collector.rest(REST), "it is looked at, too"


def test_what_is_kept_is_not_looked_at(collector: GarbageCollector) -> None:
    nodes = [Node() for _ in range(1_000)]
    keep()
    assert not any(isinstance(each, Node) for each in gc.get_objects())
    collector.end()
    keep()
    nodes += [Node()]
    assert any(isinstance(each, Node) for each in gc.get_objects())
