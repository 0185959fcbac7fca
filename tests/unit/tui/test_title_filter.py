from hypothesis import given, settings
from hypothesis import strategies as st

from userdesk.domain.text_folding import fold_letters
from userdesk.store.search.query import SearchQuery
from userdesk.tui.switcher.index import fit
from userdesk.tui.switcher.title_filter import may_fit

LETTERS = "aabcdeé ß_-1]^.\\"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(LETTERS, max_size=14), max_size=20), st.text(LETTERS, min_size=1, max_size=6))
def test_no_title_that_fits_is_left_out(titles: list[str], typed: str) -> None:
    wanted = SearchQuery(typed)
    if wanted:
        fitting = {number for number, title in enumerate(titles) if fit(wanted, title) is not None}
        assert fitting <= set(may_fit(wanted, [fold_letters(title) for title in titles]))


def test_what_cannot_fit_is_left_out() -> None:
    titles = ["refund policy", "delivery times", "more fun, dear", "policy of refunds"]
    assert list(may_fit(SearchQuery("refund"), titles)) == [0, 2, 3]
    assert list(may_fit(SearchQuery("policy refund"), titles)) == [0, 3]
    assert list(may_fit(SearchQuery("dt"), titles)) == [1]
