"""What an application does to its terminal past the screen: sequences, a look whether it is still there."""

from textual.app import App


class TerminalAccess(App[int]):
    """An application that may write to its terminal, ask after it, and keep a text for pasting."""

    suspended = False
    """Whether another program has the terminal."""

    def write_to_terminal(self, sequence: str) -> None:
        """Have the terminal take a sequence that draws nothing; none is written unless the program has it."""
        if self._driver is not None and not self.suspended:
            self._driver.write(sequence)

    def has_terminal_gone(self) -> bool:
        """Whether the terminal has hung up; takes nothing of what was typed."""
        return bool(getattr(self._driver, "has_gone", bool)())

    def is_terminal_behind(self) -> bool:
        """Whether the terminal has not taken the last frame yet; `terminal_drained` tells when it has."""
        return bool(getattr(self._driver, "is_behind", bool)())

    def keep_for_pasting(self, text: str) -> None:
        """Have `clipboard`, which fields paste, be this text; the terminal is told nothing."""
        self._clipboard = text
