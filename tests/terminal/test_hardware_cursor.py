"""The terminal's cursor stands where input methods and screen readers look: at the text or the chosen row."""

from collections.abc import Callable

import pytest
from pseudo_terminal import Terminal

from demo_server import DemoServer


def beside_cursor(terminal: Terminal) -> tuple[str, str]:
    """The text left of the cursor on its row, and that from it on."""
    cursor = terminal.screen.cursor
    cells = terminal.screen.buffer[cursor.y]
    row = [cells[x].data for x in range(terminal.screen.columns)]
    return "".join(row[: cursor.x]), "".join(row[cursor.x :]).rstrip()


def stands(terminal: Terminal, left: str, right: str) -> None:
    """Wait until the cursor is between two texts."""

    def is_there() -> bool:
        before, after = beside_cursor(terminal)
        return before.endswith(left) and after.startswith(right)

    terminal.until(is_there, f"the cursor between {left!r} and {right!r}, not {beside_cursor(terminal)!r}")


@pytest.mark.parametrize("accessible", [False, True], ids=["hidden", "shown"])
def test_cursor_is_where_the_eye_is(
    server: DemoServer, connected: Callable[[DemoServer], dict[str, str]], accessible: bool
) -> None:
    with Terminal(connected(server), ["--accessible"] if accessible else []) as terminal:
        terminal.sees("Message Acme", "demo chatbot")
        stands(terminal, " ", "Message Acme")
        terminal.type("a 漢字b")
        stands(terminal, "b", "")
        terminal.type("\x1b[D\x1b[D")
        stands(terminal, "漢", "字b")
        terminal.type("\x14")
        terminal.sees("Switch to a conversation")
        terminal.type("where")
        stands(terminal, "where", " ")
        terminal.type("\x1b[D")
        stands(terminal, "wher", "e")
        terminal.type("\x1b")
        terminal.misses("Switch to a conversation")
        stands(terminal, "漢", "字b")
        terminal.type("\x1b[Z\x1b[A")  # the log
        stands(terminal, "" if accessible else "◆ ", "Chatbot" if accessible else "Hello!")
        terminal.type("\t\t")  # the sidebar
        stands(terminal, "", "   New conversation")
        terminal.type("iback")
        stands(terminal, "漢back", "字b")
        assert terminal.screen.cursor.hidden is not accessible
