"""The terminal is left as it was found, a crash says where it is told of, and what was typed is kept."""

import os
import signal
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE

import pytest
from pseudo_terminal import LIMIT, Terminal, left_on

from demo_server import DemoServer
from forks import start
from userdesk.diagnostics.crash import KEPT, write_crash_report

Environment = Callable[..., dict[str, str]]
F1 = "\x1bOP"

# Help raises, with the key and what was typed in reach of a traceback.
DEFECT = """
from userdesk.tui.chat.screen import ChatScreen
def broken(self):
    key = self.does.chatbots.keyring.api_key("env").reveal()
    typed = self.widgets.input_bar.text
    raise RuntimeError(f"{key} {typed} \\x1b]0;x\\x07")
async def work(self):
    broken(self)
ChatScreen.action_command = lambda self, command_id: """
DEFECTS = {
    "in a handler": "broken(self)",
    "in a worker": "self.run_worker(work(self))",
    "in a timer": "self.set_timer(0.01, lambda: broken(self))",
    "in a call of the event loop": (
        "__import__('asyncio').get_running_loop().call_later(0.01, broken, self)"  # as spinners turn
    ),
}


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS)
def test_crash_keeps_what_was_typed_and_tells_no_secret(
    server: DemoServer, environment: Environment, data_dir: Path, secret: str, defect: str
) -> None:
    with Terminal(environment(server.base_url), defect=DEFECT + defect) as terminal:
        terminal.sees("Message Acme support…", "demo chatbot")
        terminal.type("typed and not sent")
        terminal.sees("typed and not sent")
        terminal.type(F1)
        assert terminal.ends() == 70
        assert left_on(terminal.written) == []
        after = bytes(terminal.written).rpartition(b"\x1b[?1049l")[2].decode()
    (report,) = data_dir.glob("crash-*.txt")
    assert f"see {report}" in after
    assert "Traceback" not in after
    text = report.read_text("utf-8")
    assert "RuntimeError" in text and "in broken" in text
    for told in (text, bytes(terminal.written).decode(), (data_dir / "userdesk.log").read_text("utf-8")):
        assert secret not in told
    assert "typed and not sent" not in text + (data_dir / "userdesk.log").read_text("utf-8")
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert [file.read_text("utf-8") for file in (data_dir / "drafts").glob("*.txt")] == ["typed and not sent"]


def test_defect_of_a_command_is_one_line_and_a_report(
    environment: Environment, data_dir: Path, tmp_path: Path, secret: str
) -> None:
    defect = (
        "from userdesk.commands import send\n"
        f"def broken(*_): raise RuntimeError({secret!r})\n"
        "send.send = broken"
    )
    process = start(environment("http://127.0.0.1:9"), "send", "Hi", stdout=PIPE, stderr=PIPE, defect=defect)
    out, errors = process.communicate(LIMIT)
    assert (process.returncode, out, errors.count(b"\n")) == (70, b"", 1)
    (report,) = data_dir.glob("crash-*.txt")
    assert str(report) in errors.decode()
    assert secret not in errors.decode() + report.read_text("utf-8")


def test_reports_do_not_pile_up_and_go_through_no_link(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.umask(0)
    try:
        reports = [write_crash_report(data_dir, ValueError("x")) for _ in range(KEPT + 3)]
    finally:
        os.umask(before)
    assert None not in reports
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700
    left = list(data_dir.glob("crash-*.txt"))
    assert len(left) == KEPT and reports[-1] in left
    monkeypatch.setattr(time, "strftime", lambda *_: "now")
    outside = tmp_path / "outside"
    (data_dir / "crash-now.txt").symlink_to(outside)
    report = write_crash_report(data_dir, ValueError("x"))
    assert report and report.name == "crash-now-2.txt" and not outside.exists()
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert write_crash_report(blocked / "data", ValueError("x")) is None


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTSTP")
def test_stopping_and_going_on_leaves_and_takes_the_terminal(
    server: DemoServer, environment: Environment
) -> None:
    with Terminal(environment(server.base_url)) as terminal:
        terminal.sees("Message Acme support…", "demo chatbot")
        terminal.type("half a thought")
        terminal.sees("half a thought")
        os.kill(terminal.process.pid, signal.SIGTSTP)
        terminal.until(lambda: _state(terminal.process.pid) == "T", "its stop")
        terminal.until(lambda: left_on(terminal.written) == [], "the terminal as it was")
        before = len(terminal.written)
        terminal.process.send_signal(signal.SIGCONT)
        # bracketed paste comes after the terminal's line discipline
        terminal.until(lambda: b"\x1b[?2004h" in terminal.written[before:], "the screen again")
        terminal.sees("half a thought")
        terminal.type(" and its end\r")
        terminal.sees("half a thought and its end", "first text")
        terminal.type("\x11")
        assert terminal.ends() == 0
        assert left_on(terminal.written) == []


def _state(pid: int) -> str:
    """The letter that the system gives a process: T for a stopped one."""
    stat_file = Path(f"/proc/{pid}/stat")
    if stat_file.exists():
        return stat_file.read_text().rpartition(")")[2].split()[0]
    return os.popen(f"ps -o state= -p {pid}").read().strip()[:1]


# Told to end at the very moment at which the terminal was taken.
TAKEN = """
import os
from userdesk.tui.terminal.driver import TerminalDriver
take = TerminalDriver.start_application_mode
def taken(self):
    take(self)
    os.kill(os.getpid(), {number:d})
TerminalDriver.start_application_mode = taken
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_right_after_the_terminal_was_taken(
    server: DemoServer, environment: Environment, number: signal.Signals
) -> None:
    with Terminal(environment(server.base_url), defect=TAKEN.format(number=number)) as terminal:
        assert terminal.ends() == 0
        assert b"\x1b[?1049h" in terminal.written and left_on(terminal.written) == []


def test_signals_while_starting_leave_nothing_behind(server: DemoServer, environment: Environment) -> None:
    for delay in (0.15, 0.4):
        with Terminal(environment(server.base_url), is_installed=True) as terminal:
            begun = time.monotonic()
            terminal.until(lambda begun=begun, delay=delay: time.monotonic() - begun > delay, "the moment")
            terminal.process.send_signal(signal.SIGTERM)
            terminal.ends()
            assert left_on(terminal.written) == [] or b"\x1b[?1049h" not in terminal.written
            assert b"Traceback" not in terminal.written
