"""The sidebar's order, kept up one conversation at a time, and the lines made of it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.store.index.entries import Index
from userdesk.tui.sidebar.order import MANY, ConversationOrder, Listed, by_chatbot
from userdesk.tui.sidebar.rows import RowLooks, SidebarRows
from userdesk.tui.sidebar.title_filter import FoldedTitles, Narrowing, Wanted

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 11, 21, 12).timestamp()
LOOKS = RowLooks(date(2026, 11, 21), {"acme": "Acme"}, "acme")


def made(key: str, **more: object) -> Conversation:
    title = f"About {key}"
    return Conversation(key=ConversationKey(key), bot="acme", title=title, created=BEGINNING).evolve(**more)


def listed(conversations: Iterable[Conversation]) -> Listed:
    index = Index()
    for each in conversations:
        index.put(each)
    return Listed(index.entries)


WHAT = st.sampled_from(["touch", "pin", "rename", "drop", "add", "hold", "leave"])
CHANGES = st.lists(st.tuples(WHAT, st.sampled_from([*map(ConversationKey, "abcdefgh")])), max_size=12)


@given(st.lists(CHANGES, max_size=4))
def test_a_change_leaves_the_order_that_making_it_anew_gives(
    rounds: list[list[tuple[str, ConversationKey]]],
) -> None:
    index = Index()
    for key in "abcd":
        index.put(made(key))
    times = {ConversationKey(key): NOON - 90 * number for number, key in enumerate("abcd")}
    order, clock = ConversationOrder(Listed(index.entries), times, by_bot=True), NOON
    newer: Mapping[ConversationKey, Conversation] = {}
    leaving = frozenset[ConversationKey]()
    for changes in rounds:
        after = index.copy()
        for what, key in changes:
            clock += 1
            saved = after.get(key)
            if what == "add" and saved is None:
                after.put(made(key))
            elif what == "hold":
                newer = {**newer, key: made(key, title=f"At {clock}", pinned=clock % 2 > 0)}
            elif what == "leave":
                newer = {each: held for each, held in newer.items() if each != key}
                leaving = leaving | {key} if saved else leaving - {key}
            elif saved and what == "drop":
                after.entries.remove(key)
            elif saved and what == "touch":
                order.happened(key, clock)
            elif saved and what == "pin":
                after.put(saved.evolve(pinned=not saved.pinned))
            elif saved and what == "rename":
                after.put(saved.evolve(title=f"At {clock}", bot=f"bot {clock % 3}"))
        index, now = after, Listed(after.entries, newer, leaving)
        changed = now.changed_since(order.listed)
        assert changed is not None
        order.update(now, changed)
        assert order.sections == ConversationOrder(now, dict(order.times)).sections
        assert order.by_bot == by_chatbot(now, order.sections[1])
        assert len(order) == len(set(now.keys()))
        version = order.version
        order.update(now, now.changed_since(order.listed) or set())
        assert order.version is version, "nothing changed"


@pytest.mark.parametrize("removed", [3, MANY + 1])
def test_however_many_go_the_others_stay_in_order(removed: int) -> None:
    index = Index()
    for number in range(MANY + 50):
        index.put(made(f"k{number}", bot=f"bot {number % 3}", pinned=number % 11 == 0))
    order, after = ConversationOrder(Listed(index.entries), by_bot=True), index.copy()
    for number in range(removed):
        after.entries.remove(ConversationKey(f"k{number}"))
    now = Listed(after.entries)
    changed = now.changed_since(order.listed)
    assert changed is not None and len(changed) == removed
    version = order.version
    order.update(now, changed)
    assert order.sections == ConversationOrder(now, dict(order.times)).sections and order.version != version
    assert order.by_bot == by_chatbot(now, order.sections[1])


def test_another_file_is_no_change_of_this_one() -> None:
    assert listed([made("a")]).changed_since(listed([made("a")])) is None


def test_a_line_is_made_when_it_is_looked_at() -> None:
    days = {ConversationKey(f"{n:05}"): NOON - timedelta(hours=n).total_seconds() for n in range(5_000)}
    asked: list[Conversation] = []

    def drafted(conversation: Conversation) -> str:
        asked.append(conversation)
        return "unsent"

    looks = RowLooks(LOOKS.today, LOOKS.bot_names, drafted=drafted)
    order = ConversationOrder(listed(made(key, title="") for key in days), days)
    rows = SidebarRows(order, looks)
    assert len(rows) == 5_000 + len({datetime.fromtimestamp(at).date() for at in days.values()})
    assert not asked
    assert [row.text for row in rows[:2]] == ["Today", "unsent"] and len(asked) == 1
    for number in (0, 1, 7, 4_999):
        row = rows.row_of(rows.keys[number])
        assert row is not None and rows[row].key == rows.keys[number]
    assert rows.row_of(ConversationKey("other")) is None
    assert rows.keys == list(days)


def test_a_filter_over_many_titles_comes_in_slices() -> None:
    several = [
        made(f"{number:05}", title=f"Größe {number}", pinned=number % 700 == 99) for number in range(3_000)
    ]
    titles, order = FoldedTitles(), ConversationOrder(listed(several))
    titles.made_of(LOOKS.bot_names)
    narrowing = Narrowing(order.listed, order.sections, Wanted(("grosse", "99")), titles)
    slices = 1
    while not narrowing.go_on(0):
        slices += 1
    assert slices > 5
    found = narrowing.left
    assert found[0] == [each.key for each in several if "99" in each.title and each.pinned]
    assert found[1] == [each.key for each in several if "99" in each.title and not each.pinned]
    assert Wanted(("grosse", "991")).narrows(narrowing.wanted)
    assert not Wanted(("991",)).narrows(narrowing.wanted)


def test_a_title_that_changed_is_folded_anew() -> None:
    titles, key = FoldedTitles(), ConversationKey("a")
    titles.made_of(LOOKS.bot_names)
    assert "about a" in titles.of(listed([made("a")]), key)
    titles.forget([key])
    assert "café" not in titles.of(listed([made("a", title="Café")]), key)
    assert "cafe" in titles.of(listed([]), key), "until it is known to have changed"


def test_what_memory_knows_better_is_found_and_what_is_leaving_is_not() -> None:
    entries = listed([made("a", id="one"), made("b", title=""), made("c", id="two")]).entries
    newer = {ConversationKey("a"): made("a", id="three", title=""), ConversationKey("d"): made("d")}
    now = Listed(entries, newer, frozenset({ConversationKey("c")}))
    assert sorted(now.untitled()) == ["a", "b"]
    assert [each.key for each in now.named("three")] == ["a"]
    assert not list(now.named("one")) and not list(now.named("two")) and not list(now.named("t"))
    assert [each.id for each in now.named("th", whole=False)] == ["three"]


def test_many_are_sorted_as_they_would_be_at_once() -> None:
    keys = [ConversationKey(f"{number:05}") for number in range(40_000)]
    times = {key: NOON + (number * 7919) % 40_000 for number, key in enumerate(keys)}
    times[keys[7]] = times[keys[30_000]]
    order = ConversationOrder(listed(map(made, keys)), dict(times))
    assert order.sections == ([], sorted(keys, key=lambda key: -times[key]))
