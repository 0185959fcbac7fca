"""When the row tells how alike two answers are."""

import pytest

from userdesk.domain.message import Message, Role, Status, now
from userdesk.tui.beside.likeness_row import MOST_COMPARED, LikenessRow

Turn = tuple[str, Message]


def answered(question: str, text: str, status: Status = Status.COMPLETE) -> Turn:
    return question, Message(role=Role.ASSISTANT, text=text, at=now(), status=status)


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        (answered("When?", "On Monday at nine"), answered("When?", "On Monday at ten"), "75 % alike"),
        (answered("When?", "Now"), answered("When?", "Now"), "100 % alike"),
        (answered("When?", "Now"), None, ""),
        (answered("When?", "Now"), answered("Where?", "Now"), ""),
        (answered("When?", "Now"), answered("When?", "Now", Status.STOPPED), ""),
        (answered("When?", "Now"), answered("When?", "n" * (MOST_COMPARED + 1)), ""),
    ],
)
def test_both_have_answered_the_same_question(left: Turn | None, right: Turn | None, words: str) -> None:
    row = LikenessRow()
    row.show(left, right)
    assert row.content == words
    row.show(None, None)
    assert row.content == ""
