"""Heights by a formula behave as numbers would."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from userdesk.tui.message_log.estimated_heights import EstimatedHeights
from userdesk.tui.message_log.viewport import Heights

HEIGHT = st.integers(1, 9)
CHANGES = st.lists(st.tuples(st.sampled_from(["set", "insert", "remove"]), st.integers(0, 30), HEIGHT))


@given(st.lists(HEIGHT, max_size=12), st.lists(HEIGHT, max_size=4), CHANGES, st.integers(-5, 300))
def test_they_are_those_of_numbers_whatever_changes(
    saved: list[int], behind: list[int], changes: list[tuple[str, int, int]], row: int
) -> None:
    tops = list(accumulate(saved, initial=0))
    estimated, plain = EstimatedHeights(len(saved), tops.__getitem__, behind), Heights([*saved, *behind])
    for what, at, height in changes:
        if what == "insert":
            at %= len(plain) + 1
            estimated.insert(at, height)
            plain.insert(at, height)
        elif len(plain):
            at %= len(plain)
            for heights in (estimated, plain):
                if what == "set":
                    heights.set(at, height)
                else:
                    heights.remove(at)
        assert len(estimated) == len(plain) and estimated.total == plain.total
        assert [estimated.top(index) for index in range(len(plain) + 1)] == [
            plain.top(index) for index in range(len(plain) + 1)
        ]
        assert [estimated[index] for index in range(len(plain))] == [plain[n] for n in range(len(plain))]
    if len(plain):
        assert estimated.index_at(row) == plain.index_at(row)


def test_two_hundred_thousand_cost_what_is_measured_of_them() -> None:
    asked = []

    def top(index: int) -> int:
        asked.append(index)
        return 3 * index

    heights = EstimatedHeights(200_000, top)
    for index in range(199_950, 200_000):
        heights.set(index, 7)
    assert heights.total == 600_000 + 50 * 4
    assert heights.index_at(300_001) == 100_000
    assert len(asked) < 1000
