"""What a command prints: the answer as it comes, or one JSON object; warnings and errors aside."""

import json
import sys
from typing import Any

from userdesk.commands.streams import encoded, warn
from userdesk.domain.failure import Failure
from userdesk.domain.message import Metrics
from userdesk.domain.quoting import without_keys
from userdesk.domain.safe_text import Cleaner, clean_line


class TextOutput:
    """The answer on standard output as it comes; everything else on standard error, a line each."""

    def __init__(self) -> None:
        self._out = sys.stdout.buffer
        # A file or a pipe gets the answer untouched; a terminal must not obey what is in it.
        self._cleaner = Cleaner() if sys.stdout.isatty() else None
        self._at_line_start = True

    def text(self, text: str) -> None:
        """A piece of the answer. Raises BrokenPipeError where nobody reads any more."""
        self._write(self._cleaner.feed(text) if self._cleaner else text)

    def end(self, conversation_id: str | None, answer: str, metrics: Metrics | None) -> None:
        """The answer is over, whole or not; a new line follows it."""
        if self._cleaner:
            self._write(self._cleaner.flush())
        if not self._at_line_start:
            self._write("\n")

    def saved(self, saved: bool) -> None:
        """What was not saved was told as it happened."""

    def failed(self, failure: Failure, note: str = "") -> None:
        """The failure's words, and what was done about it, in one line."""
        wait = failure.retry_after
        when = "" if wait is None else f"try again in {wait:.0f} s" if wait >= 1 else "try again now"
        details = "; ".join(filter(None, (failure.detail, when, note)))
        warn(without_keys(failure.headline) + (f" ({details})" if details else ""))

    def error(self, message: str) -> None:
        """An error that is no answer of the server."""
        warn(without_keys(message))

    def warning(self, message: str) -> None:
        """Something to know that does not stop the command."""
        warn(message)

    def close(self, *, stopped: bool = False) -> None:
        """Nothing is held back, and who pressed Ctrl+C knows it."""

    def _write(self, text: str) -> None:
        if not text:
            return
        self._at_line_start = text.endswith("\n")
        self._out.write(encoded(text))
        self._out.flush()


class JsonOutput:
    """One JSON object on standard output at the end; an error stands on standard error as well."""

    def __init__(self) -> None:
        self._answer: dict[str, Any] = {}
        self._warnings: list[str] = []

    def text(self, text: str) -> None:
        """Waits for the end."""

    def end(self, conversation_id: str | None, answer: str, metrics: Metrics | None) -> None:
        """The answer is over, whole or not."""
        self._answer["conversationId"] = conversation_id
        self._answer["response"] = answer
        if metrics:
            self._answer["figures"] = metrics.rounded

    def saved(self, saved: bool) -> None:
        """Whether the message and what came of it are on the disk."""
        self._answer["saved"] = saved

    def failed(self, failure: Failure, note: str = "") -> None:
        """The failure as `error` with `status` and `message`; what was done about it is a warning."""
        error = self._answer["error"] = {
            "status": failure.status,
            "message": clean_line(failure.message, 500),
        }
        if failure.detail:
            error["detail"] = failure.detail
        if failure.retry_after is not None:
            error["retry_after"] = round(failure.retry_after, 3)
        if note:
            self.warning(note)

    def error(self, message: str) -> None:
        """An error that is no answer of the server: its `status` is null."""
        self._answer["error"] = {"status": None, "message": clean_line(without_keys(message), 500)}

    def warning(self, message: str) -> None:
        """Something to know that does not stop the command."""
        self._warnings.append(clean_line(message, 500))

    def close(self, *, stopped: bool = False) -> None:
        """Print the object; `stopped` is whether the answer was ended from here. Raises BrokenPipeError."""
        if stopped:
            self._answer["stopped"] = True
        if self._warnings:
            self._answer["warnings"] = self._warnings
        # Escaped: it must be readable whatever the encoding of the terminal or of the reader.
        if "error" in self._answer:
            print(json.dumps({"error": self._answer["error"]}), file=sys.stderr, flush=True)
        print(json.dumps(self._answer), flush=True)


Output = TextOutput | JsonOutput
