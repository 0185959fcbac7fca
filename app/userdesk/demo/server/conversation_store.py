"""What the embedded chatbot remembers: the user's messages of each conversation."""

import re
import uuid
from contextlib import suppress
from pathlib import Path

from userdesk.files.atomic import append_line
from userdesk.files.formats import FileFormat

FORMAT = FileFormat(version=1)
_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # as `create` makes it, and safe as a file name


class ConversationStore:
    """Conversations by id; in a folder, if one is given, so that they outlive the server.

    Each conversation is a file `<id>.jsonl` of one message a line. The files are read anew for each
    message: another server on the same folder may have gone on with the conversation. What cannot be
    written waits here, and goes into the file with the next message that can be.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._unwritten: dict[str, list[str]] = {}

    def create(self) -> str:
        """The id of a new conversation."""
        conversation_id = str(uuid.uuid4())
        self._write(conversation_id, [])
        return conversation_id

    def knows(self, conversation_id: str) -> bool:
        """Whether this conversation was created here; where the folder does not let us see, it was."""
        if conversation_id in self._unwritten:
            return True
        if self._folder is None or not _ID.fullmatch(conversation_id):
            return False
        try:
            return self._path(self._folder, conversation_id).is_file()
        except OSError:
            return True

    def messages(self, conversation_id: str) -> list[str]:
        """The user's messages so far, oldest first; what cannot be read is left out."""
        lines: list[bytes] = []
        if self._folder is not None:
            with suppress(OSError):
                lines = self._path(self._folder, conversation_id).read_bytes().splitlines()
        written = [text for line in lines if (text := FORMAT.text(line)) is not None]
        return written + self._unwritten.get(conversation_id, [])

    def add(self, conversation_id: str, text: str) -> None:
        """Remember a message."""
        self._write(conversation_id, [*self._unwritten.get(conversation_id, []), text])

    def _write(self, conversation_id: str, texts: list[str]) -> None:
        """Append the messages to the conversation's file, or keep them here where that fails."""
        self._unwritten[conversation_id] = texts
        if self._folder is None:
            return
        lines = b"".join(FORMAT.whole({"text": text}) + b"\n" for text in texts)
        with suppress(OSError):
            # The data folder may have been removed meanwhile; it is made again. Nothing waits for the disk:
            # what a power cut takes is what this server heard, not what the user's own transcript holds.
            append_line(self._path(self._folder, conversation_id), lines, durable=False)
            del self._unwritten[conversation_id]

    @staticmethod
    def _path(folder: Path, conversation_id: str) -> Path:
        return folder / f"{conversation_id}.jsonl"
