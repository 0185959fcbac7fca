"""What a turn tells whoever follows it, in the order in which it happens."""

from typing import NamedTuple

from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import Failure
from userdesk.domain.message import Message


class Started(NamedTuple):
    """The turn's time has come: the user's message is in the transcript, the request is next."""

    message: Message
    repeated: bool
    """Whether it was sent before: a retry writes no second user message."""


class ConversationChanged(NamedTuple):
    """The conversation got its id, a title, or goes on under another id."""

    conversation: Conversation


class Restored:
    """The conversation had been deleted in another window; because of this turn it is back."""


class Greeted(NamedTuple):
    """The chatbot greeted a conversation that this turn had to create first."""

    message: Message


class TextArrived(NamedTuple):
    """The text that came since the last event; several chunks where they came fast."""

    text: str


class StreamEnded:
    """No more text comes; the outcome is being written."""


class Stalled(NamedTuple):
    """No byte came for this many seconds; the turn goes on waiting."""

    seconds: float


class Finished(NamedTuple):
    """The answer is whole, or the user stopped it: `message.status` says which."""

    message: Message


class Failed(NamedTuple):
    """The turn failed; `message` is its outcome with what text arrived."""

    message: Message
    failure: Failure


class Withdrawn(NamedTuple):
    """The turn was taken back while it waited behind another one: nothing was sent or saved."""

    text: str


TurnEvent = (
    Started
    | ConversationChanged
    | Restored
    | Greeted
    | TextArrived
    | StreamEnded
    | Stalled
    | Finished
    | Failed
    | Withdrawn
)
