"""A mistake in the flags: one line that names the command and where its flags are told, or JSON."""

import sys
from collections.abc import Sequence

from userdesk.commands.exit_status import ExitStatus
from userdesk.commands.output import JsonOutput
from userdesk.domain.quoting import without_keys
from userdesk.domain.safe_text import clean_line


class UsageError(Exception):
    """The arguments cannot be understood."""

    def __init__(self, program: str, message: str) -> None:
        super().__init__(message)
        self.program = program
        """`userdesk`, or with its command: `userdesk send`."""


def tell_usage_error(error: UsageError, arguments: Sequence[str]) -> ExitStatus:
    """Say what is wrong and where help is; the exit status."""
    message = clean_line(without_keys(str(error)), 400)
    if _asks_for_json(arguments):
        output = JsonOutput()
        output.error(f"{message} (see {error.program} --help)")
        output.close()
    else:
        print(f"{error.program}: {message} (see {error.program} --help)", file=sys.stderr, flush=True)
    return ExitStatus.USAGE


def _asks_for_json(arguments: Sequence[str]) -> bool:
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return "send" in arguments[:end] and "--json" in arguments[:end]
