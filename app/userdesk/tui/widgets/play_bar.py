"""The bar over the input bar while a question set is played: which question, and the key to the next."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from userdesk.questions import Walk


class PlayBar(Horizontal):
    """One row; on stage the keys are left out."""

    _shown = ("", "")

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._question = Static("", id="play-question", markup=False)
        self._keys = Static("", id="play-keys", markup=False)

    def compose(self) -> ComposeResult:
        """Where the walk stands, and what can be done."""
        yield self._question
        yield self._keys

    def show(self, walk: Walk, *, held: bool, forward: str, back: str, stage: str) -> None:
        """Say where a walk stands, and the keys that go on, as people write them.

        `held` says that the question stands in the input bar.
        """
        total = len(walk.questions.questions)
        words = f"Question {walk.at + 1} of {total} · {walk.questions.title}"
        keys = _keys(walk, held, forward, back, stage)
        if (words, keys) != self._shown:
            self._shown = words, keys
            self._question.update(Content(words))
            self._keys.update(Content(keys))


def _keys(walk: Walk, held: bool, forward: str, back: str, stage: str) -> str:
    if not walk.is_offered:
        return f"{forward} begins" + (f" · {stage} presenter mode" if stage else "")
    if not walk.is_asked:
        go_on = f"Enter sends · {forward} skips" if held else f"{forward} puts it back"
        return go_on + (f" · {back} back" if walk.at else "")
    return f"{forward} {'report' if walk.is_last else 'next'}"
