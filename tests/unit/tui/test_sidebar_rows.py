"""The sidebar's order and headings."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.domain.text_folding import fold_letters
from userdesk.domain.verdict import JudgedConversations, split_filter
from userdesk.store.index.entries import Index
from userdesk.tui.sidebar.order import ConversationOrder, Listed
from userdesk.tui.sidebar.rows import RowLooks, SidebarRow, SidebarRows
from userdesk.tui.sidebar.title_filter import FoldedTitles, Narrowing, Wanted

TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 12).timestamp()
DAY = 86_400.0
NAMES = {"acme": "Acme support", "beta": "Beta shop"}


def shelf(
    *, wanted: str = "", by_chatbot: bool = False, judged: JudgedConversations | None = None
) -> list[SidebarRow]:
    """Four conversations of two chatbots; the newest one is Beta's, one of Acme's is pinned."""
    said = (("a1", "acme", "Refund", 1.0), ("b1", "beta", "Delivery", 0.0), ("a2", "acme", "Invoice", 3.0))
    made = [
        Conversation(key=key, bot=bot, title=title, created=datetime(2026, 1, 1, tzinfo=UTC))
        for key, bot, title, _ in said
    ]
    made.append(
        Conversation(
            key="a3", bot="acme", title="Kept", created=datetime(2026, 1, 1, tzinfo=UTC), pinned=True
        )
    )
    recency = {key: NOON - age * DAY for key, _, _, age in said} | {"a3": NOON - 90 * DAY}
    looks = RowLooks(TODAY, NAMES, "acme", by_chatbot)
    return lines(made, recency, looks, wanted=wanted, judged=judged)


def lines(
    made: Sequence[Conversation],
    recency: Mapping[ConversationKey, float],
    looks: RowLooks,
    *,
    wanted: str,
    judged: JudgedConversations | None = None,
) -> list[SidebarRow]:
    index = Index()
    for each in made:
        index.put(each)
    order, titles = ConversationOrder(Listed(index.entries), dict(recency)), FoldedTitles()
    titles.made_of(looks.bot_names)
    text, kinds = split_filter(wanted)
    asked = Wanted(tuple(fold_letters(text).split()), kinds, judged)
    narrowing = Narrowing(order.listed, order.sections, asked, titles)
    assert narrowing.go_on(1)
    return list(SidebarRows(order, looks, narrowing.left, wanted))


def test_days_are_headings_under_the_pinned_ones() -> None:
    assert [row.text for row in shelf()] == [
        "Pinned", "Kept", "Today", "Delivery", "Yesterday", "Refund", "Wednesday", "Invoice",
    ]  # fmt: skip


def test_another_chatbot_is_named_as_the_configuration_names_it() -> None:
    assert {row.text: row.bot for row in shelf() if row.key} == {
        "Kept": "", "Delivery": "beta", "Refund": "", "Invoice": "",
    }  # fmt: skip


def test_chatbots_are_headings_the_one_with_the_newest_conversation_first() -> None:
    rows = shelf(by_chatbot=True)
    assert [row.text for row in rows] == [
        "Pinned", "Kept", "Beta shop", "Delivery", "Acme support", "Refund", "Invoice",
    ]  # fmt: skip
    assert not any(row.bot for row in rows)


def test_time_under_a_day_else_the_day() -> None:
    at = datetime.fromtimestamp(NOON - 90 * DAY)
    assert {row.text: row.when for row in shelf() if row.key} == {
        "Kept": f"{at:%b} {at.day}", "Delivery": "12:00", "Refund": "12:00", "Invoice": "12:00",
    }  # fmt: skip
    assert {row.text: row.when for row in shelf(by_chatbot=True) if row.key} == {
        "Kept": f"{at:%b} {at.day}", "Delivery": "12:00", "Refund": "Fri", "Invoice": "Wed",
    }  # fmt: skip


def test_filter_looks_at_titles_and_chatbots() -> None:
    assert [row.key for row in shelf(wanted="beta") if row.key] == ["b1"]
    assert [row.key for row in shelf(wanted="support inv") if row.key] == ["a2"]


def test_filter_looks_past_accents_and_case() -> None:
    cafe = Conversation(key="c", bot="acme", title="Café in Málaga", created=datetime(2026, 1, 1, tzinfo=UTC))
    rows = lines([cafe], {}, RowLooks(TODAY, NAMES), wanted="CAFE malaga")
    assert [row.key for row in rows if row.key] == ["c"]


def test_filter_that_leaves_nothing_says_so() -> None:
    assert shelf(wanted="zebra") == [SidebarRow("No matches")]


def test_filter_by_verdicts_leaves_conversations_with_such_an_answer() -> None:
    bad, good, noted = frozenset({"bad"}), frozenset({"good"}), frozenset({"bad", "note"})
    judged: JudgedConversations = {"a1": {bad, good}, "b1": {noted}}  # type: ignore[dict-item]

    def left(wanted: str) -> list[str]:
        return [row.key for row in shelf(wanted=wanted, judged=judged) if row.key]

    assert left("is:bad") == ["b1", "a1"] and left("Is:Bad refund") == ["a1"]
    assert left("is:bad has:note") == ["b1"] and left("is:good") == ["a1"]
    assert shelf(wanted="is:good delivery", judged=judged) == [SidebarRow("No matches")]
    assert len(shelf(wanted="is:bad")) == len(shelf()), "nothing is known of verdicts yet"
