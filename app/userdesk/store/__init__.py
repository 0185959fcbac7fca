"""conversations.toml, transcripts, answers in flight, locks: files, and nothing else."""

from userdesk.store.problems import ConversationGone, Problem, StoreError
from userdesk.store.store import Store
from userdesk.store.transcript.in_flight import InFlight

__all__ = ["ConversationGone", "InFlight", "Problem", "Store", "StoreError"]
