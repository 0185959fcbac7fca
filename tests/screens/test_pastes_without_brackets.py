"""What a terminal pastes key by key is one text, whatever the program is busy with meanwhile."""

import pytest
from textual import events

from demo_server import DemoServer
from userdesk.tui.input.bursts import FALTERS, LAST_OF_BURST, PASTE, Pace
from userdesk.tui.switcher.screen import SwitcherScreen
from userdesk.tui.terminal.key_burst import TOGETHER, KeyBurst, together

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


async def test_slow_program_sends_no_line_of_a_paste(
    server: DemoServer, open_ui, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pace, "patience", 0.0)  # it is over time at each key
    async with open_ui(server.base_url) as ui:
        for key in keys_of("one\ntwo\n\nthree"):
            ui.post(key)
        await ui.until(lambda: ui.draft == "one\ntwo\n\nthree")
        assert ui.said() == []


async def test_long_paste_in_pieces_is_folded_whole(server: DemoServer, open_ui) -> None:
    text = "\n".join(f"line {number} of the paste" for number in range(200))
    keys = keys_of(text)
    assert len(keys) > 9 * TOGETHER
    async with open_ui(server.base_url) as ui:
        for begin, end in ((0, 3), (3, 1000), (1000, 1005), (1005, 3000), (3000, len(keys))):
            for message in together(keys[begin:end]):
                ui.post(message)
        await ui.until(lambda: ui.draft == "[pasted text #1: 200 lines]")
        assert ui.whole_draft == text
        assert ui.said() == []


async def test_tab_in_a_paste_leads_nowhere(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        for key in keys_of("if x:\n\tdel y"):
            ui.post(key)
        await ui.until(lambda: ui.draft == "if x:\n\tdel y")
        assert ui.focused is ui.input_bar


async def test_end_of_a_paste_in_a_dialog_is_what_it_is(server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await ui.press("ctrl+t")
        await ui.opens(SwitcherScreen)
        for message in together(keys_of("where are the keys")):
            ui.post(message)
        await ui.sees("where are the keys")
        assert ui.draft == ""


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
