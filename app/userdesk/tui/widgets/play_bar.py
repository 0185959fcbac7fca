"""The bar over the input bar while a question set is played: which question, and the key to the next."""

from collections.abc import Callable

from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from userdesk.questions.run import QuestionSetRun


class PlayBar(Horizontal):
    """One row; for an audience the keys are left out."""

    _shown = ("", "")

    def __init__(self, *, id: str | None = None) -> None:
        self._question = Static("", id="play-question", markup=False)
        self._keys = Static("", id="play-keys", markup=False)
        super().__init__(self._question, self._keys, id=id)

    def show(self, run: QuestionSetRun, *, held: bool, last: str, key_of: Callable[[str], str]) -> None:
        """Say where a run stands, and the keys that go on, which `key_of` spells by their commands.

        `held` says that the question stands in the input bar, `last` what comes behind the last one.
        """
        total = len(run.questions.questions)
        text = f"Question {run.at + 1} of {total} · {run.questions.title}"
        spelled = map(key_of, ("next_question", "previous_question", "presenter", "send"))
        keys = _keys(run, held, last, *spelled)
        if (text, keys) != self._shown:
            self._shown = text, keys
            self._question.update(Content(text))
            self._keys.update(Content(keys))


def _keys(
    run: QuestionSetRun, held: bool, last: str, forward: str, back: str, presenter: str, send: str
) -> str:
    if not run.is_offered:
        return f"{forward} starts" + (f" · {presenter} presenter mode" if presenter else "")
    if not run.is_asked:
        go_on = f"{send} sends · {forward} skips" if held else f"{forward} puts it back"
        return go_on + (f" · {back} back" if run.at else "")
    return f"{forward} {last if run.is_last else 'next'}"
