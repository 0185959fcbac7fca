"""Entries made again from transcripts, and half-written files swept away."""

import time
from contextlib import suppress
from pathlib import Path

from userdesk.domain.conversation import Conversation, ConversationKey, title_from
from userdesk.domain.message import Role
from userdesk.domain.timestamps import BEGINNING
from userdesk.files.atomic import TEMPORARY
from userdesk.store.folder import DataFolder
from userdesk.store.transcript.file_end import recorded_entry
from userdesk.store.transcript.transcript import Transcript

_FIRST_LINES = 50
_STALE_TEMPORARY = 3600.0  # seconds


def completed(conversation: Conversation, path: Path) -> Conversation:
    """A conversation whose entry is cut short, with what its transcript says of it."""
    recorded = recorded_entry(path, conversation.key)
    if recorded is None:
        return conversation
    previous = conversation.previous_ids or recorded.previous_ids
    return conversation.evolve(
        bot=conversation.bot or recorded.bot,
        created=recorded.created if conversation.created == BEGINNING else conversation.created,
        id=conversation.id or (recorded.id if recorded.id not in previous else None),
        title=conversation.title or recorded.title,
        chatbot_id=conversation.chatbot_id or recorded.chatbot_id,
        base_url=conversation.base_url or recorded.base_url,
        previous_ids=previous,
    )


def rescued(path: Path, key: ConversationKey) -> Conversation | None:
    """A conversation made again from its transcript alone; None where no message can be read."""
    if (recorded := recorded_entry(path, key)) is not None:
        return recorded
    transcript = Transcript(path)
    first = [transcript[index] for index in range(min(len(transcript), _FIRST_LINES))]
    readable = [message for message in first if message.text or message.failure is None]
    if not readable:
        return None
    titles = (title_from(message.text) for message in readable if message.role is Role.USER)
    ids = [message.conversation_id for message in transcript.tail(_FIRST_LINES) if message.conversation_id]
    return Conversation(
        key=key,
        bot="",
        created=readable[0].at,
        id=ids[-1] if ids else None,
        title=next((title for title in titles if title), ""),
    )


def sweep_temporary_files(folder: DataFolder) -> None:
    """Remove half-written files that killed processes left behind; none that may still be written."""
    limit = time.time() - _STALE_TEMPORARY
    for place in (folder.path, folder.transcripts, folder.drafts, folder.trash):
        with suppress(OSError):
            for entry in place.iterdir():
                if entry.name.startswith(".") and entry.name.endswith(TEMPORARY):
                    with suppress(OSError):
                        if entry.lstat().st_mtime < limit:
                            entry.unlink()
