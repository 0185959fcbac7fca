"""How much of each conversation was read: what stands after it is unread."""

import threading
from collections.abc import Callable
from contextlib import suppress

from userdesk.domain.conversation import ConversationKey
from userdesk.files.atomic import write_atomically
from userdesk.files.formats import FileFormat
from userdesk.files.reading import signature
from userdesk.store.folder import DataFolder
from userdesk.store.problems import saving

FORMAT = FileFormat(version=1)


class ReadMarks:
    """Messages read, by conversation; several processes may set marks at the same time."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._guard = threading.Lock()
        self._marks: dict[ConversationKey, int] | None = None
        self._seen: tuple[int, int, int, int] | None = None

    def get(self, key: ConversationKey) -> int:
        """How many messages of a conversation were read; 0 where nothing is known."""
        return self.all().get(key, 0)

    def all(self) -> dict[ConversationKey, int]:
        """All marks, those of other processes included."""
        with self._guard:
            seen = None
            with suppress(OSError):
                seen = signature(self._folder.read_marks)
            if self._marks is None or seen != self._seen:
                self._marks, self._seen = self._read(), seen
            return dict(self._marks)

    def set(self, key: ConversationKey, messages: int) -> None:
        """Mark so many messages as read. Raises StoreError."""
        if self.all().get(key) != messages:
            self._change(lambda marks: marks.update({key: messages}))

    def forget(self, key: ConversationKey) -> None:
        """Drop the mark of a conversation that is gone for good. Raises StoreError."""
        if key in self.all():
            self._change(lambda marks: marks.pop(key, None))

    def _change(self, change: Callable[[dict[ConversationKey, int]], object]) -> None:
        self._folder.may_write()
        with self._folder.exclusive():
            marks = self._read()
            change(marks)
            with saving("The read marks", self._folder.read_marks):
                # Not waited for: a power cut costs at most a mark.
                write_atomically(self._folder.read_marks, FORMAT.whole(dict(marks.items())), durable=False)

    def _read(self) -> dict[ConversationKey, int]:
        return {
            ConversationKey(key): count
            for key, count in FORMAT.read(self._folder.read_marks).items()
            if isinstance(count, int) and not isinstance(count, bool) and count >= 0
        }
