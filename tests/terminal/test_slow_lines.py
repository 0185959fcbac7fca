"""On a line that carries less than an answer's frames, what is typed is not behind a queue of them."""

from collections.abc import Callable
from statistics import median

import pytest
from pseudo_terminal import Terminal

from demo_server import DemoServer
from userdesk.demo.server.pace import Pace

Connected = Callable[[DemoServer], dict[str, str]]

RATE = 20_000  # bytes a second
FRAME = 6_000  # bytes; a whole log of 29 rows
KEYS = "ɐɑɒɓɔɕɖɗɘəɚɛ"  # in no answer


@pytest.mark.parametrize(
    "answers",
    # What is only estimated depends on how busy the machine is.
    [
        pytest.param(True, id="it answers"),
        pytest.param(False, id="it answers nothing", marks=pytest.mark.torture),
    ],
)
def test_a_key_waits_for_one_frame_at_most(connected: Connected, answers: bool) -> None:
    lines = [f"- row {number} of {'many words ' * 6}\n".encode() for number in range(2000)]
    with DemoServer(pace=Pace(between=0.02)) as server, Terminal(connected(server)) as terminal:
        terminal.answers = answers
        terminal.sees("demo chatbot")
        terminal.reads_all()
        terminal.rate = RATE
        server.answer_next(lines)
        terminal.type("Much, please\r")
        terminal.sees("row 100")
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
