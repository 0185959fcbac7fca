"""What the user sent before, to be called back into the input bar."""

from collections.abc import Collection
from contextlib import suppress
from itertools import groupby, islice

from userdesk.files.atomic import append_line, write_atomically
from userdesk.files.formats import FileFormat
from userdesk.files.reading import read_bytes, read_end
from userdesk.store.folder import DataFolder
from userdesk.store.problems import saving

FORMAT = FileFormat(version=1)
_REACH = 2 * 1024 * 1024  # bytes from the end of the file that are looked at


class PromptHistory:
    """Sent messages of all conversations, in the order they were sent."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder

    def append(self, text: str) -> None:
        """Remember a sent message durably, unless it is the last one again. Raises StoreError."""
        self._folder.may_write()
        if not text.strip() or self.entries(1) == [text]:
            return
        with saving("The prompt history", self._folder.history):
            append_line(self._folder.history, FORMAT.line({"text": text}))

    def forget(self, texts: Collection[str]) -> None:
        """Drop some messages for good, wherever they were said. Raises StoreError."""
        self._folder.may_write()
        with saving("The prompt history", self._folder.history):
            lines = (read_bytes(self._folder.history) or b"").splitlines(keepends=True)
            kept = [line for line in lines if FORMAT.text(line) not in texts]
            if len(kept) < len(lines):
                write_atomically(self._folder.history, b"".join(kept))

    def entries(self, limit: int = 1000) -> list[str]:
        """The last messages, newest last, without repetitions in a row; none where they can't be read."""
        lines: list[bytes] = []
        with suppress(OSError):
            lines = (read_end(self._folder.history, _REACH) or b"").split(b"\n")
        newest_first = (text for line in reversed(lines) if (text := FORMAT.text(line)) is not None)
        return [text for text, _ in islice(groupby(newest_first), limit)][::-1]
