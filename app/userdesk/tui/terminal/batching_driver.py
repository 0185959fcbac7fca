"""The reading thread hands over all that it read at once."""

from collections import deque
from typing import Any

from textual.driver import Driver
from textual.message import Message

from userdesk.tui.terminal.key_burst import together
from userdesk.tui.terminal.motion import in_few_turns, in_one_motion


class BatchingDriver(Driver):
    """Hands over all that was read while the application was busy at once, text in one piece.

    Told of key by key, the application would have its thread and the reading one wait for each other at
    every key: a paste of 5,000 lines without brackets took minutes, and faltered so that lines were sent.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._came: deque[Message] = deque()
        self._told = False

    def send_message(self, message: Message) -> None:
        """Called by the thread that reads."""
        self._came.append(message)
        if not self._told:
            self._told = True
            self._loop.call_soon_threadsafe(self._hand_over)

    def _hand_over(self) -> None:
        self._told = False
        came = [self._came.popleft() for _ in range(len(self._came))]
        for message in together(in_few_turns(in_one_motion(came))):
            self._app.post_message(message)
