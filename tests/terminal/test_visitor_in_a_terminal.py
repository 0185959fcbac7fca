"""A visitor's program as its host runs it: what reaches the browser, what reaches nothing, and its end."""

import signal
from pathlib import Path

import pytest
from pseudo_terminal import waits_until
from visits import Visiting, folder_of

from demo_server import DemoServer

LETTER = "ɐ"  # in no text of the program
BACKSPACE = "\x7f"
ELSEWHERE = ("editor", "chatbots", "Presenter", "presenter", "question set", "curl", "sidebar", "trash")
FORBIDDEN = {
    "Ctrl+Z": "\x1a",
    "F5": "\x1b[15~",
    "F9": "\x1b[20~",
    "F10": "\x1b[21~",
    "Ctrl+G": "\x07",
    "Ctrl+N": "\x0e",
    "Ctrl+O": "\x0f",
    "Ctrl+T": "\x14",
}
F3 = "\x1bOR"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_of(tmp_path)


def test_what_leaves_the_program_goes_to_the_browser(server: DemoServer, folder: Path) -> None:
    server.answer_next("See [the page](https://example.com/help) for more.")
    with Visiting(folder, server) as visit:
        visit.sees("demo chatbot", "F2 new", "F3 switch")
        visit.type("Where is help?\r")
        visit.sees("for more.")
        visit.type("\x13")
        visit.sees("Export this conversation as")
        visit.type("1")
        visit.until(lambda: visit.told("file"), "a file")
        visit.sees("Sent to your browser")
        (file,) = visit.told("file")
        made = Path(file["path"])
        assert made.parent == folder and made.name == file["name"] == "where-is-help.md"
        assert "for more." in made.read_text("utf-8") and made.stat().st_nlink == 1
        visit.type("\t")
        visit.sees("y copy")
        visit.type("y")
        visit.until(lambda: visit.told("copy"), "a copy")
        visit.sees("Copied the message")
        assert "https://example.com/help" in visit.told("copy")[0]["text"]
        visit.type("o")
        visit.sees("open in the browser")
        visit.type("\r")
        visit.until(lambda: visit.told("open_url"), "a link")
        assert visit.told("open_url") == [{"type": "open_url", "url": "https://example.com/help"}]
        assert b"\x1b]52;" not in visit.written
        visit.type("\x11")
        visit.sees("Your conversations here are removed")
        visit.type("\r")
        assert visit.ends() == 0
    assert not folder.exists()


def test_keys_that_lead_elsewhere_do_nothing(server: DemoServer, folder: Path) -> None:
    with Visiting(folder, server, rows=60) as visit:
        visit.sees("demo chatbot", "F1 help")
        visit.misses("This is the embedded")  # for its time
        visit.reads_all()
        before = visit.text
        for name, keys in FORBIDDEN.items():
            visit.type(f"{keys}{LETTER}")
            visit.until(lambda: LETTER in visit.text, f"what was typed behind {name}")
            visit.type(BACKSPACE)
            visit.until(lambda: visit.text == before, f"the screen as before {name}")
        visit.process.send_signal(signal.SIGTSTP)
        visit.type("still here")
        visit.sees("still here")
        visit.type("\x10")
        visit.sees("Commands", "Export the conversation to a file")
        assert [word for word in ELSEWHERE if word in visit.text] == []
        visit.type("\x1b")
        visit.misses("Export the conversation to a file")
        visit.type(F3)
        visit.sees("Switch to a conversation")


@pytest.mark.parametrize("ends", ["hang-up", "kill that asks"])
def test_its_folder_goes_with_the_visit(server: DemoServer, folder: Path, ends: str) -> None:
    with Visiting(folder, server) as visit:
        visit.sees("demo chatbot")
        visit.type("Hello\r")
        visit.sees("Hello")
        if ends == "hang-up":
            visit.hang_up()
        else:
            visit.process.send_signal(signal.SIGTERM)
        waits_until(lambda: visit.process.poll() is not None, "its end")
        assert not folder.exists()


def test_a_browser_that_comes_back_sees_all_of_it(server: DemoServer, folder: Path) -> None:
    """The host has read on meanwhile, and answered nothing."""
    with Visiting(folder, server) as visit:
        visit.sees("demo chatbot", "F2 new")
        visit.answers = False
        visit.type("/long 40\r")
        visit.sees("40.")
        visit.screen.reset()
        visit.answers = True
        visit.process.send_signal(signal.SIGCONT)
        visit.sees("Acme support", "40.", "F2 new")
        visit.type("and on")
        visit.sees("and on")


def test_the_input_bar_stands_where_it_stays_from_the_first_frame_on(
    server: DemoServer, folder: Path
) -> None:
    with Visiting(folder, server) as visit:
        visit.sees("demo chatbot", "Message ")
        rows = [list(enumerate(frame)) for frame in visit.frames()]
    places = [(at, row.index("Message ")) for frame in rows for at, row in frame if "Message " in row]
    assert len(places) > 1 and len({*places}) == 1, places
