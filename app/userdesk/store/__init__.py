"""conversations.toml, transcripts, answers in flight, locks: files, and nothing else."""

from userdesk.store.drafts import Drafts
from userdesk.store.problems import ConversationGone, Problem, ReadOnlyStore, StoreError
from userdesk.store.prompt_history import PromptHistory
from userdesk.store.read_marks import ReadMarks
from userdesk.store.store import Store
from userdesk.store.transcript.in_flight import InFlight
from userdesk.store.transcript.transcript import Transcript
from userdesk.store.trash.trash import Trash, Trashed

__all__ = [
    "ConversationGone",
    "Drafts",
    "InFlight",
    "Problem",
    "PromptHistory",
    "ReadMarks",
    "ReadOnlyStore",
    "Store",
    "StoreError",
    "Transcript",
    "Trash",
    "Trashed",
]
