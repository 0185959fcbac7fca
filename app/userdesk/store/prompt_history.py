"""What the user sent before, to be called back into the input bar."""

from collections.abc import Collection

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
        with saving("The history", self._folder.history):
            append_line(self._folder.history, FORMAT.line({"text": text}))

    def forget(self, texts: Collection[str]) -> None:
        """Drop some messages for good, wherever they were said. Raises StoreError."""
        self._folder.may_write()
        with saving("The history", self._folder.history):
            lines = (read_bytes(self._folder.history) or b"").splitlines(keepends=True)
            kept = [line for line in lines if FORMAT.text(line) not in texts]
            if len(kept) < len(lines):
                write_atomically(self._folder.history, b"".join(kept))

    def entries(self, limit: int = 1000) -> list[str]:
        """The last messages, newest last, without repetitions in a row; none where they can't be read."""
        newest_first: list[str] = []
        for line in reversed(self._last_lines()):
            if len(newest_first) >= limit:
                break
            text = FORMAT.text(line)
            if text is not None and (not newest_first or newest_first[-1] != text):
                newest_first.append(text)
        return newest_first[::-1]

    def _last_lines(self) -> list[bytes]:
        try:
            return (read_end(self._folder.history, _REACH) or b"").split(b"\n")
        except OSError:
            return []
