"""What the embedded chatbot remembers: the user's messages of each conversation."""

import json
import os
import uuid
from pathlib import Path


class Memory:
    """Conversations by id; in a folder, if one is given, so that they outlive the server.

    Each conversation is a file `<id>.jsonl` of one message a line. The files are read anew for each
    message: another server on the same folder may have gone on with the conversation.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._messages: dict[str, list[str]] = {}

    def create(self) -> str:
        """The id of a new conversation. Raises OSError where the folder cannot be written."""
        conversation_id = str(uuid.uuid4())
        if self._folder is None:
            self._messages[conversation_id] = []
        else:
            # The data folder may have been removed meanwhile: one made as a parent would be open to others.
            self._folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._append(self._folder, conversation_id, b"")
        return conversation_id

    def knows(self, conversation_id: str) -> bool:
        """Whether this conversation was created here."""
        if self._folder is None:
            return conversation_id in self._messages
        return _is_id(conversation_id) and self._path(self._folder, conversation_id).is_file()

    def messages(self, conversation_id: str) -> list[str]:
        """The user's messages so far, oldest first; lines that cannot be read are left out."""
        if self._folder is None:
            return list(self._messages[conversation_id])
        lines = self._path(self._folder, conversation_id).read_bytes().splitlines()
        return [text for line in lines if (text := _text_of(line)) is not None]

    def add(self, conversation_id: str, text: str) -> None:
        """Remember a message. Raises OSError where the file cannot be written."""
        if self._folder is None:
            self._messages[conversation_id].append(text)
            return
        self._append(self._folder, conversation_id, json.dumps({"text": text}).encode() + b"\n")

    def forget(self) -> None:
        """Forget every conversation, so that their ids are not valid any more."""
        self._messages.clear()
        if self._folder is not None:
            for path in self._folder.glob("*.jsonl"):
                path.unlink(missing_ok=True)

    @staticmethod
    def _path(folder: Path, conversation_id: str) -> Path:
        return folder / f"{conversation_id}.jsonl"

    def _append(self, folder: Path, conversation_id: str, line: bytes) -> None:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
        descriptor = os.open(self._path(folder, conversation_id), flags, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            if size and line:
                file.seek(size - 1)
                if file.read(1) != b"\n":  # torn by a crash: the new line must not become part of it
                    line = b"\n" + line
            file.write(line)


def _is_id(text: str) -> bool:
    """Whether this is an id as `create` makes them, and so safe as a file name."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _text_of(line: bytes) -> str | None:
    try:
        match json.loads(line):
            case {"text": str(text)}:
                return text
    except (ValueError, RecursionError):
        pass
    return None
