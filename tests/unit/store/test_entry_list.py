"""The list of conversations that stays text until one is asked for, against a plain dictionary."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.store.index.entries import Index, parse_index
from userdesk.store.index.fast_reader import scan

CREATED = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)
KEYS = [ConversationKey(f"k{number}") for number in range(6)]


def conversation(key: ConversationKey, title: str = "t", **fields: object) -> Conversation:
    return Conversation(key=key, bot="acme", created=CREATED, title=title).evolve(**fields)


def written(conversations: list[Conversation]) -> bytes:
    index = Index()
    for each in conversations:
        index.put(each)
    return index.text()


titles = st.sampled_from(["", "a", 'say "hi"', "back\\slash", "line\nbreak", "é 👩‍👩‍👧"])
changes = st.lists(st.tuples(st.sampled_from(KEYS), st.none() | titles, st.booleans()), max_size=12)


@given(there=st.lists(st.sampled_from(KEYS), unique=True), titled=titles, changes=changes)
@settings(max_examples=150, deadline=None)
def test_a_changed_list_is_what_a_dictionary_would_be(there, titled, changes):
    before = parse_index(written([conversation(key, titled) for key in there]))
    model = {key: conversation(key, titled) for key in there}
    after = before.copy()
    for key, title, pinned in changes:
        if title is None:
            if key in model:
                del model[key]
                after.entries.remove(key)
            continue
        model[key] = conversation(key, title, pinned=pinned)
        after.put(model[key])
    entries = after.entries
    assert list(entries) == list(model) and len(entries) == len(model)
    assert list(entries.conversations()) == list(model.values())
    assert [entries.conversation(key) for key in KEYS] == [model.get(key) for key in KEYS]
    assert entries.last() == next(reversed(model), None)
    assert entries.pinned() == {key for key, each in model.items() if each.pinned}
    assert set(entries.untitled()) == {key for key, each in model.items() if not each.title}
    assert all(entries.bot(key) == "acme" and entries.created(key) == CREATED.timestamp() for key in model)
    assert after.text() == written(list(model.values()))
    again = parse_index(after.text())
    assert again.says_the_same(after) and again.entries.means_the_same(entries)
    same = list(model.items()) == [(key, conversation(key, titled)) for key in there]
    assert after.says_the_same(before) is same and again.entries.means_the_same(before.entries) is same
    assert list(before.entries) == there  # a copy changes nothing of what it is of


def test_a_list_of_many_slices_is_read_in_its_order_with_odd_entries_between():
    many = [
        conversation(
            ConversationKey(f"key-{number}"),
            "line\nbreak" if number % 700 == 3 else f"Title {number} 👋",
            id=f"id-{number}",
            previous_ids=("old", 'quoted "one"') if number % 500 == 0 else (),
        )
        for number in range(3000)
    ]
    data = written(many)
    found = scan(data)
    assert found is not None and len(found.odd) == 5 and len(data) > 4 * 64 * 1024
    assert list(parse_index(data).entries.conversations()) == many


@pytest.mark.parametrize("place", [0, 1500, 2999])
def test_a_broken_line_anywhere_in_a_long_list_is_told_with_its_number(place):
    lines = written([conversation(ConversationKey(f"key-{number}")) for number in range(3000)]).split(b"\n")
    at = 2 + 6 * place + 3
    assert lines[at].startswith(b"title")
    lines[at] = b'title = "no end'
    index = parse_index(b"\n".join(lines))
    assert index.broken.startswith(f"line {at + 1}: ") and len(index.entries) == 2999


def test_one_is_found_by_its_key_or_any_id_of_its_own():
    many = [
        conversation(ConversationKey("aa"), 'speaks of "bb"', id="one"),
        conversation(ConversationKey("ab"), id="two", previous_ids=("first", 'an "odd" one')),
        conversation(ConversationKey("bb"), "line\nbreak", id="three"),
    ]
    entries = parse_index(written(many)).entries
    for name in ("aa", "one", "ab", "two", "first", 'an "odd" one', "bb", "three"):
        assert [each for each in entries.named(name) if name in each.names] == [
            each for each in many if name in each.names
        ]
    assert [each.key for each in entries.named("t", whole=False)] == ["bb", "ab"]
    assert not list(entries.named("speaks")) and not list(entries.named("speaks", whole=False))
    changed = entries.copy()
    changed.remove(ConversationKey("aa"))
    assert not list(changed.named("aa")) and not list(changed.named("one"))
