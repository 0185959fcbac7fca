"""Earlier prompts, one after the other; behind the newest one waits what was being written."""

from collections.abc import Sequence

from userdesk.domain.safe_text import clean_typed


class PromptRecall:
    """Which earlier prompt is looked at; `text` is always the whole text of the input bar."""

    def __init__(self) -> None:
        self.prompts: Sequence[str] = ()
        """The prompts that ↑ brings back, the newest last."""
        self.unsent = ""
        """What was being written before an earlier prompt came."""
        self._at: int | None = None

    @property
    def is_begun(self) -> bool:
        """Whether an earlier prompt was brought back, changed since or not."""
        return self._at is not None

    def shows(self, text: str) -> bool:
        """Whether the text is the earlier prompt as it was sent."""
        return self._at is not None and text == clean_typed(self.prompts[self._at])

    def remember(self, prompts: Sequence[str], text: str) -> None:
        """Other prompts; the one that is looked at stays, if it is still among them."""
        shown = self.prompts[self._at] if self._at is not None and self.shows(text) else None
        places = (at for at in range(len(prompts) - 1, -1, -1) if prompts[at] == shown)
        self._at = next(places, None)
        self.prompts = prompts

    def step(self, direction: int, text: str) -> tuple[int | None, str] | None:
        """The place and the text of the prompt before or after; None where there is no step to take."""
        if not self.prompts or (self._at is not None and not self.shows(text)):
            return None  # changed meanwhile, and so a draft of its own
        if self._at is None:
            self.unsent = text
        last = len(self.prompts)
        at = max(0, min(last, (last if self._at is None else self._at) + direction))
        return (None, self.unsent) if at == last else (at, self.prompts[at])

    def go_to(self, place: int | None) -> None:
        """The text of a step stands in the input bar; None for what is being written."""
        self._at = place
