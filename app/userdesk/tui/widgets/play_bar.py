"""The bar over the input bar while a question set is played: which question, and the key to the next."""

from collections.abc import Callable

from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from userdesk.markdown.layout.cells import cells
from userdesk.questions.run import QuestionSetRun

LEAST_TITLE = 16  # cells, with what parts it from the rest: less of a longer title says nothing


class PlayBar(Horizontal):
    """One row; for an audience the keys are left out."""

    _shown = ("", "", "")
    """Which question, the set's title, the keys."""

    def __init__(self, *, id: str | None = None) -> None:
        self._question = Static("", id="play-question", markup=False)
        self._keys = Static("", id="play-keys", markup=False)
        super().__init__(self._question, self._keys, id=id)

    def show(self, run: QuestionSetRun, *, held: bool, last: str, key_of: Callable[[str], str]) -> None:
        """Say where a run stands, and the keys that go on, which `key_of` spells by their commands.

        `held` says that the question stands in the input bar, `last` what comes behind the last one.
        """
        total = len(run.questions.questions)
        text = f"Question {run.at + 1} of {total}"
        spelled = map(key_of, ("next_question", "previous_question", "presenter", "send"))
        keys = _keys(run, held, last, *spelled)
        shown = text, run.questions.title, keys
        if shown != self._shown:
            self._shown = shown
            self._keys.update(Content(keys))
            self._fit()

    def on_resize(self) -> None:
        """There may be room for the title now, or none."""
        self._fit()

    def _fit(self) -> None:
        text, title, keys = self._shown
        room = self.content_size.width - cells(text) - (cells(keys) if self._keys.display else 0)
        needed = min(LEAST_TITLE, cells(title) + 4)
        self._question.update(Content(f"{text} · {title}" if room >= needed else text))


def _keys(
    run: QuestionSetRun, held: bool, last: str, forward: str, back: str, presenter: str, send: str
) -> str:
    if not run.is_offered:
        return f"{forward} starts" + (f" · {presenter} presenter mode" if presenter else "")
    if not run.is_asked:
        go_on = f"{send} sends · {forward} skips" if held else f"{forward} puts it back"
        return go_on + (f" · {back} back" if run.at else "")
    return f"{forward} {last if run.is_last else 'next'}"
