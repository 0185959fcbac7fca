from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from userdesk.domain.conversation import Conversation
from userdesk.domain.text_folding import fold_letters
from userdesk.store.search.query import SearchQuery
from userdesk.tui.switcher.index import SCATTERED, TITLES, SwitcherIndex, fit
from userdesk.tui.switcher.title_filter import may_fit

LETTERS = "aabcdeé ß_-1]^.\\"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(LETTERS, max_size=14), max_size=20), st.text(LETTERS, min_size=1, max_size=6))
def test_no_title_that_fits_is_left_out(titles: list[str], typed: str) -> None:
    wanted = SearchQuery(typed)
    if wanted:
        fitting = {number for number, title in enumerate(titles) if fit(wanted, title) is not None}
        assert fitting <= set(may_fit(wanted, [fold_letters(title) for title in titles]))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(LETTERS, max_size=14), max_size=80), st.text(LETTERS, min_size=1, max_size=6))
def test_the_best_titles_come_first_with_what_fits_in_them(titles: list[str], typed: str) -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    made = [
        Conversation(key=f"k{number}", bot="acme", created=at, title=title)
        for number, title in enumerate(titles)
    ]
    index, wanted = SwitcherIndex(made, {}, {}, date(2026, 11, 21)), SearchQuery(typed)
    if not wanted:
        return
    (rows,) = (found for found in index.titles(wanted) if found is not None)
    (everything,) = (found for found in index.titles(SearchQuery("")) if found is not None)
    fitting = [(*found, each) for each in everything if (found := fit(wanted, each.text)) is not None]
    fitting.sort(key=lambda found: -found[0])
    words = sum(wanted.are_in(each.text) for *_, each in fitting)
    expected = [(each.key, spans) for _, spans, each in fitting[: min(TITLES, words + SCATTERED)]]
    assert [(each.key, each.spans) for each in rows] == expected


def test_what_cannot_fit_is_left_out() -> None:
    titles = ["refund policy", "delivery times", "more fun, dear", "policy of refunds"]
    assert list(may_fit(SearchQuery("refund"), titles)) == [0, 2, 3]
    assert list(may_fit(SearchQuery("policy refund"), titles)) == [0, 3]
    assert list(may_fit(SearchQuery("dt"), titles)) == [1]
