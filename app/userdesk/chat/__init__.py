"""A turn's life: persist, send, stream, checkpoint, finish or fail."""

from userdesk.api import preload
from userdesk.chat.registry import ChatbotRegistry
from userdesk.chat.service import ChatService, unanswered_text
from userdesk.chat.turn import Turn, TurnState

__all__ = ["ChatService", "ChatbotRegistry", "Turn", "TurnState", "preload", "unanswered_text"]
