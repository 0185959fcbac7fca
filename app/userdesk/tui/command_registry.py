"""Runs the commands of the chat screen."""

from collections.abc import Callable
from inspect import isawaitable

from userdesk.tui.commands import BY_ID, Command

Handler = Callable[[], object]


class CommandRegistry:
    """Runs the chat screen's commands by their ids."""

    def __init__(self, allows: Callable[[Command], bool] = lambda _: True) -> None:
        """`allows` is the condition of all commands, beside the one of each."""
        self._allows = allows
        self._bound: dict[str, tuple[Handler, Callable[[], bool] | None]] = {}

    def bind(self, command_id: str, handler: Handler, available: Callable[[], bool] | None = None) -> None:
        """Say what a command does, and when it can be done: always, where `available` is not given.

        What `handler` returns is awaited if it can be. A row with `same_as` is bound by that other row.
        Raises KeyError where there is no such row, ValueError where it is bound already.
        """
        if BY_ID[command_id].same_as or command_id in self._bound:
            raise ValueError(f"{command_id} is bound already")
        self._bound[command_id] = handler, available

    def available(self, command_id: str) -> bool:
        """Whether a command can be done now. Raises KeyError where nothing is bound to it."""
        command = BY_ID[command_id]
        _, condition = self._bound[command.same_as or command_id]
        return self._allows(command) and (condition is None or condition())

    async def run(self, command_id: str) -> None:
        """Run a command; one that can't be done now does nothing."""
        if not self.available(command_id):
            return
        handler, _ = self._bound[BY_ID[command_id].same_as or command_id]
        result = handler()
        if isawaitable(result):
            await result
