"""Heights: running sums are right whatever was changed before they are asked for."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from userdesk.tui.message_log.viewport import Heights

CHANGE = st.tuples(st.sampled_from(["set", "insert", "remove", "top", "total"]), st.integers(0, 60))


@given(st.lists(st.integers(1, 50), max_size=40), st.lists(CHANGE, max_size=40), st.integers(1, 50))
def test_sums_equal_those_of_a_plain_list(start: list[int], changes: list[tuple[str, int]], new: int) -> None:
    heights, model = Heights(start), list(start)
    for what, number in changes:
        if what == "insert":
            at = number % (len(model) + 1)
            heights.insert(at, new)
            model.insert(at, new)
        elif what == "set" and model:
            heights.set(number % len(model), new + number)
            model[number % len(model)] = new + number
        elif what == "remove" and model:
            heights.remove(number % len(model))
            del model[number % len(model)]
        elif what == "top":
            at = number % (len(model) + 1)
            assert heights.top(at) == sum(model[:at])
        assert heights.total == sum(model)
    assert list(heights) == model
    assert [heights.top(i) for i in range(len(model) + 1)] == list(accumulate(model, initial=0))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=50), st.integers(-5, 500))
def test_a_row_belongs_to_the_bubble_that_spans_it(rows: list[int], row: int) -> None:
    heights = Heights(rows)
    index = heights.index_at(row)
    held = max(0, min(row, heights.total - 1))
    assert heights.top(index) <= held < heights.top(index + 1)
