"""The browser of a visitor: what is to happen there is told to the host, a line of JSON each."""

import asyncio
import json
import os
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from userdesk.files.addresses import is_openable
from userdesk.tui.external.clipboard import Text, in_pieces, text_within

LARGEST = 2_000_000
"""Bytes of a line, as many as the host takes."""
BACKLOG = 4 * LARGEST
"""Bytes that wait for the host at most."""
_LOST = "the line to your browser is lost"


class Browser:
    """Tells the host, and never waits for it: a thread of its own writes.

    Any thread may call. The thread that writes is started by what is told first, and ends with the program.
    """

    def __init__(self, channel: int, folder: Path) -> None:
        """`channel` is where the host reads; in `folder`, the visit's, files for the browser are made."""
        self.folder = folder
        self._channel = channel
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        self._waiting = 0
        self._lock = threading.Lock()
        self._writer: threading.Thread | None = None
        self._has_gone = False
        os.set_inheritable(channel, False)
        os.set_blocking(channel, True)

    def open(self, address: str) -> bool:
        """Have a web or mail address opened in a new tab; whether the host was told."""
        return is_openable(address) and self._tell(type="open_url", url=address)

    def copy(self, text: str) -> bool:
        """Have a text put into the browser's clipboard; whether the host was told."""
        return self._tell(type="copy", text=text)

    def deliver(self, path: Path) -> str:
        """Have a file of the visit's folder saved by the browser; what came of it, in words."""
        is_told = self._tell(type="file", path=str(path), name=path.name)
        return "Sent to your browser" if is_told else f"Not sent: {_LOST}"

    @property
    def has_gone(self) -> bool:
        """Whether nobody reads what is told any more."""
        return self._has_gone

    def _tell(self, **message: Any) -> bool:
        line = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")
        with self._lock:
            if self._has_gone or len(line) > LARGEST or self._waiting + len(line) > BACKLOG:
                return False
            self._waiting += len(line)
            self._lines.put(line + b"\n")
            if self._writer is None:
                self._writer = threading.Thread(target=self._write, name="browser", daemon=True)
                self._writer.start()
        return True

    def _write(self) -> None:
        while not self._has_gone:
            line = memoryview(self._lines.get())
            size = len(line) - 1
            try:
                while line:
                    line = line[os.write(self._channel, line) :]
            except OSError:  # the host has gone
                self._has_gone = True
            with self._lock:
                self._waiting -= size


class BrowserClipboard:
    """The clipboard of a visitor's browser; nothing of the host's is read or written."""

    how_to_paste = "Paste with your browser's own key, often Ctrl+V"

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    async def copy(self, text: str | Text, what: str = "") -> str:
        """Copy; what came of it, in words. `what` names what is copied: `the message`."""
        if await asyncio.to_thread(self._copy, in_pieces(text)):
            return f"Copied {what}".rstrip()
        return f"Not copied: {_LOST if self._browser.has_gone else 'too large for your browser'}"

    def _copy(self, pieces: Text) -> bool:
        text = text_within(pieces, LARGEST)
        return text is not None and self._browser.copy(text)

    def read(self) -> str | None:
        """Nothing: a page may not look into the clipboard, but pastes what it is given."""
        return None
