"""The bar over the input bar while a question set is played: which question, and the key to the next."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from userdesk.questions import Walk


class PlayBar(Horizontal):
    """One row; on stage the keys are left out."""

    def compose(self) -> ComposeResult:
        """Where the walk stands, and what can be done."""
        yield Static("", id="play-question", markup=False)
        yield Static("", id="play-keys", markup=False)

    def show(self, walk: Walk, *, forward: str, back: str) -> None:
        """Say where a walk stands; `forward` and `back` are keys as people write them."""
        total = len(walk.questions.questions)
        words = f"Question {walk.at + 1} of {total} · {walk.questions.title}"
        self.query_one("#play-question", Static).update(Content(words))
        self.query_one("#play-keys", Static).update(Content(_keys(walk, forward, back)))


def _keys(walk: Walk, forward: str, back: str) -> str:
    if not walk.is_offered:
        return f"{forward} begins"
    if not walk.is_asked:
        return f"Enter sends · {forward} skips" + (f" · {back} back" if walk.at else "")
    return f"{forward} {'report' if walk.is_last else 'next'}"
