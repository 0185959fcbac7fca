"""On a line that carries less than an answer's frames, what is typed is not behind a queue of them."""

import re
from collections.abc import Callable
from statistics import median

import pytest
from pseudo_terminal import Terminal

from demo_server import DemoServer
from userdesk.demo.server.pace import Pace

Connected = Callable[[DemoServer], dict[str, str]]

RATE = 20_000  # bytes a second
FRAME = 6_000  # bytes; a whole log of 29 rows
HELD = (400, 600, 800)  # rows after which the answer stands still
KEYS = "ɐɑɒɓɔɕɖɗɘəɚɛ"  # in no answer


def last_row(terminal: Terminal) -> int:
    """The number of the last row of the answer that stands on the screen."""
    return max(map(int, re.findall(r"row (\d+) ", terminal.text)), default=0)


@pytest.mark.parametrize("answers", [True, False], ids=["it answers", "it answers nothing"])
def test_a_key_waits_for_one_frame_at_most(connected: Connected, answers: bool) -> None:
    lines = [f"- row {number} of {'many words ' * 6}\n".encode() for number in range(2000)]
    with DemoServer(pace=Pace(between=0.02)) as server, Terminal(connected(server)) as terminal:
        terminal.answers = answers
        terminal.sees("demo chatbot")
        terminal.reads_all()
        terminal.rate = RATE
        server.answer_next(lines)
        terminal.type("Much, please\r")
        terminal.until(lambda: last_row(terminal) >= 100, "a hundred rows")
        before: list[int] = []
        typed = ""
        for key in KEYS:
            mark = len(terminal.written)
            typed += key
            terminal.type(key)
            terminal.until(lambda typed=typed: typed in terminal.text, f"an echo of {typed}")
            before.append(len(terminal.written) - mark)
        assert "Esc stop" in terminal.text, "the answer ended too soon to tell"
        assert median(before) < FRAME, before


def test_while_the_reader_has_stopped_no_frames_pile_up_for_it(connected: Connected) -> None:
    """The system would take 16,000 bytes, which a key's echo would wait for afterwards."""
    lines = [f"- row {number} of {'many words ' * 6}\n".encode() for number in range(2000)]
    with DemoServer(pace=Pace(between=0.01)) as server, Terminal(connected(server)) as terminal:
        terminal.answers = False
        terminal.sees("demo chatbot")
        terminal.reads_all()
        terminal.rate = RATE
        server.answer_next(lines)
        server.hold(after=HELD[0])
        terminal.type("Much, please\r")
        terminal.until(lambda: last_row(terminal) >= 100, "a hundred rows")
        before: list[int] = []
        for key, further in zip(KEYS, (*HELD[1:], None), strict=False):
            server.wait_until_held()
            mark = len(terminal.written)
            terminal.type(key)
            terminal.until(lambda key=key: key in terminal.text, "an echo")
            before.append(len(terminal.written) - mark)
            if before[-1] < 2 * FRAME or further is None:
                break  # else other programs may have had the processor in each moment that tells
            server.controls.go_on_until(further)
            server.controls.wait_until_none_held()
        assert before[-1] < 2 * FRAME, before
        server.release()
        terminal.until(lambda: last_row(terminal) >= HELD[0], "what follows")


@pytest.mark.parametrize("rate", [4_000, RATE])
def test_the_end_of_an_answer_comes_behind_one_frame_at_most(
    server: DemoServer, connected: Connected, rate: int
) -> None:
    text = "\n\n".join(f"Paragraph {number} " + "of words " * 20 for number in range(60)) + "\n\nThe last."
    server.answer_next(text)
    with Terminal(connected(server)) as terminal:
        terminal.sees("demo chatbot")
        terminal.reads_all()
        terminal.rate = rate
        mark = len(terminal.written)
        terminal.type("Much, please\r")
        terminal.sees("The last.")
        assert len(terminal.written) - mark < 4 * FRAME
