"""What a terminal pastes key by key is one text, whatever the program is busy with meanwhile."""

import pytest
from textual import events

from userdesk.tui.input.bursts import FALTERS, LAST_OF_BURST, PASTE, Pace
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.terminal.batching import TOGETHER, KeyBurst, together
from userdesk.tui.widgets.field import Field
from widget_alone import alone

NAMES = {"\n": "enter", "\t": "tab", " ": "space"}


def keys_of(text: str) -> list[events.Key]:
    return [events.Key(NAMES.get(each, each), "\r" if each == "\n" else each) for each in text]


def test_many_keys_of_text_are_handed_over_together_and_in_order() -> None:
    few, many = keys_of("few"), keys_of("many keys\n\tof text")
    up = events.Key("up", None)
    told = list(together([*few, up, *many, up, up, *few]))
    assert [type(each) is KeyBurst for each in told] == [False] * 4 + [True] + [False] * 5
    assert [each for one in told for each in (one.keys if isinstance(one, KeyBurst) else (one,))] == [
        *(*few, up, *many, up, up, *few)
    ]


class Bar(InputBar):
    """An input bar that tells what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []

    def on_input_bar_submitted(self, message: InputBar.Submitted) -> None:
        self.sent.append(message.text)


async def test_slow_program_sends_no_line_of_a_paste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "patience", 0.0)  # it is over time at each key
    bar = Bar()
    async with alone(bar) as hand:
        for key in keys_of("one\ntwo\n\nthree"):
            hand.app.post_message(key)
        await hand.until(lambda: bar.text == "one\ntwo\n\nthree", "the lines")
        assert bar.sent == []


async def test_long_paste_in_pieces_is_folded_whole() -> None:
    text = "\n".join(f"line {number} of the paste" for number in range(200))
    keys = keys_of(text)
    assert len(keys) > 9 * TOGETHER
    bar = Bar()
    async with alone(bar) as hand:
        for begin, end in ((0, 3), (3, 1000), (1000, 1005), (1005, 3000), (3000, len(keys))):
            for message in together(keys[begin:end]):
                hand.app.post_message(message)
        await hand.until(lambda: bar.text == "[pasted text #1: 200 lines]", "the paste")
        assert bar.whole_text == text
        assert bar.sent == []


async def test_tab_in_a_paste_leads_nowhere() -> None:
    bar = Bar()
    async with alone(bar, Field()) as hand:
        for key in keys_of("if x:\n\tdel y"):
            hand.app.post_message(key)
        await hand.until(lambda: bar.text == "if x:\n\tdel y", "the paste")
        assert bar.has_focus


async def test_one_line_that_a_program_types_is_sent() -> None:
    bar = Bar()
    async with alone(bar) as hand:
        for key in keys_of("one line\n"):
            hand.app.post_message(key)
        await hand.until(lambda: bar.sent == ["one line"], "the message")


def test_a_line_typed_by_a_program_is_no_paste_that_may_falter() -> None:
    pace = Pace()
    for at in range(50):
        pace.takes(1 + at / 1000)
    assert pace.patience == LAST_OF_BURST
    assert not pace.takes(1.2)
    pace.takes(1.201)
    pace.has_lines = True
    assert pace.patience == FALTERS
    assert pace.takes(1.4)
    assert not pace.takes(1.4 + FALTERS)
    assert pace.patience == LAST_OF_BURST


def test_very_long_line_is_a_paste() -> None:
    pace = Pace()
    for at in range(PASTE + 1):
        pace.takes(1 + at / 1000)
    assert pace.patience == FALTERS
