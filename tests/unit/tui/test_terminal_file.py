"""A terminal that has gone holds nobody up."""

import errno
import io
import threading

from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread
from textual.drivers.headless_driver import HeadlessDriver

from userdesk.tui.guarded_app import GuardedApp
from userdesk.tui.terminal.terminal_file import TerminalFile


class Gone(io.StringIO):
    """A terminal whose window was closed."""

    def write(self, text: str) -> int:
        raise OSError(errno.EIO, "Input/output error")

    def flush(self) -> None:
        raise OSError(errno.EIO, "Input/output error")


class DriverWithFile(HeadlessDriver):
    """One that writes to a file, as the terminal's does."""

    _file = Gone()


async def test_what_is_written_to_a_terminal_that_has_gone_never_waits() -> None:
    """More than the driver's queue holds is written, and its thread ends when it is asked to."""
    app = GuardedApp()
    app.driver_class = DriverWithFile
    driver = app._build_driver(headless=False, inline=False, mouse=False, size=None)
    writer = WriterThread(driver._file)  # type: ignore[attr-defined]
    writer.start()

    def write() -> None:
        for _ in range(2 * MAX_QUEUED_WRITES):
            writer.write("x")
        writer.stop()

    writing = threading.Thread(target=write, daemon=True)
    writing.start()
    writing.join(10)
    assert not writing.is_alive()


def test_a_terminal_that_is_there_gets_everything() -> None:
    """Also the descriptor is that of the file."""
    with open("/dev/null", "w", encoding="utf-8") as null:
        assert TerminalFile(null).fileno() == null.fileno()
    assert TerminalFile(null).write("closed") == 6
    there = io.StringIO()
    file = TerminalFile(there)
    assert file.write("text") == 4
    file.flush()
    assert there.getvalue() == "text"
