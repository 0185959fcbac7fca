"""A turn's life: persist, send, stream, checkpoint, finish or fail."""

from userdesk.api import preload
from userdesk.chat.registry import Roster
from userdesk.chat.service import Desk, unanswered_text
from userdesk.chat.turn import Turn, TurnState

__all__ = ["Desk", "Roster", "Turn", "TurnState", "preload", "unanswered_text"]
