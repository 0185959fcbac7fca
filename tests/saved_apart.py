"""Conversations that are saved where controllers are tried apart from the screen."""

from datetime import UTC, datetime, timedelta

from controllers_apart import Apart
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role
from userdesk.store import Store

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)


def save(at: Apart, *keys: str, store: Store | None = None, **fields: object) -> None:
    """Conversations with one question and answer each, the last one the newest."""
    store = store or at.service.store
    for number, key in enumerate(keys):
        moment = AT + timedelta(minutes=number)
        values = {"key": key, "bot": "acme", "created": moment, "title": f"About {key}", "id": f"id-{key}"}
        store.add(Conversation(**(values | fields)))  # type: ignore[arg-type]
        for role in Role:
            message = Message(role=role, text=f"{role} {key}", at=moment)
            store.transcript(key).append(message)
    at.directory.refresh_times()


def elsewhere(at: Apart) -> Store:
    """The store as another window has it."""
    other = Store(at.service.store.folder.path, durable=False)
    other.open()
    return other
