"""Pages for whoever may not come in: one sentence, and what to do."""

from typing import NamedTuple

from userdesk.serve.admission import Refusal


class Notice(NamedTuple):
    """A page that says why there is no conversation."""

    status: int
    heading: str
    advice: str


_ASK = "Ask whoever invited you for a new link."
UNINVITED = Notice(403, "This page needs an invitation.", "Open the link that you were given, as a whole.")
OVER = Notice(410, "Your conversation is over.", _ASK)
CANNOT_BEGIN = Notice(503, "A conversation cannot begin just now.", "Try again in a minute.")
NOTHING_HERE = Notice(404, "There is nothing at this address.", "Open the link that you were given.")
TOO_MANY = Notice(429, "That was too often within a minute.", "Wait a minute, and load the page again.")
REFUSALS = {
    Refusal.WRONG: Notice(403, "This invitation is not valid.", _ASK),
    Refusal.USED: Notice(410, "This invitation has been used.", _ASK),
    Refusal.FULL: Notice(503, "All places are taken.", f"{_ASK[:-1]} when somebody has left."),
    Refusal.BUSY: Notice(429, "Too many are coming at once.", "Wait a minute, and load the page again."),
}
