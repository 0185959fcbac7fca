"""What controllers ask of the screen: work beside an event, questions and lists over the chat."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from textual.screen import Screen

Closed = Callable[[Any], Any]
"""What is called with a screen's result, or None, when it closes."""


class Background(Protocol):
    """Runs a coroutine on the event loop; the chat screen's is a Textual worker that ends with the screen."""

    def __call__(
        self, work: Coroutine[Any, Any, object], *, group: str = "default", exclusive: bool = False
    ) -> object:
        """Begin the work at once. With `exclusive`, what is under way in the same group is cancelled."""


class Dialogs:
    """Each screen is imported when it is first shown. What is left without an answer calls nothing.

    `push` shows a screen and gives its result, or None, to what is called when it closes.
    """

    def __init__(self, push: Callable[[Screen[Any], Closed], object]) -> None:
        self._push = push

    def show(self, screen: Screen[Any], closed: Closed = lambda result: None) -> None:
        """Any other screen; what `closed` returns is awaited if it can be."""
        self._push(screen, closed)

    def confirm(self, question: str, yes: str, then: Callable[[], object]) -> None:
        """Ask before something that may matter; `yes` names it."""
        from userdesk.tui.dialogs.asking import ConfirmScreen

        self._push(ConfirmScreen(question, yes), lambda agreed: then() if agreed else None)

    def choose(self, question: str, lines: Sequence[str], then: Callable[[int], object]) -> None:
        """One among a few lines, by its index."""
        from userdesk.tui.dialogs.asking import ChoiceScreen

        self._push(ChoiceScreen(question, lines), _given(then))

    def pick(
        self,
        title: str,
        lines: Sequence[str],
        then: Callable[[int], object],
        *,
        take: str = "take",
        about: str = "",
    ) -> None:
        """One among many lines, found by words of it, by its index."""
        from userdesk.tui.dialogs.searched_list import PickScreen

        self._push(PickScreen(title, lines, take=take, about=about), _given(then))

    def ask_line(
        self,
        title: str,
        about: str,
        then: Callable[[str], object],
        *,
        placeholder: str,
        given: str | None = None,
        is_offered: bool = False,
        doubt: Callable[[str], str] = lambda line: "",
    ) -> None:
        """One line of text; `doubt` says what speaks against it, and a second Enter gives it all the same.

        `given` is the line as it is now, which can be emptied; where it `is_offered`, typing replaces it.
        """
        from userdesk.tui.dialogs.asking import AskLineScreen

        screen = AskLineScreen(
            title, about, placeholder=placeholder, given=given, is_offered=is_offered, doubt=doubt
        )
        self._push(screen, _given(then))


def _given(then: Callable[[Any], object]) -> Closed:
    return lambda result: None if result is None else then(result)
