"""The message of `userdesk send`: the argument, standard input, or both together."""

import locale
import os
import select
import stat
import sys
from collections.abc import Callable

from userdesk.settings import SettingsError

LARGEST = 10_000_000
"""Bytes of standard input that are a message; more than any service takes, less than memory holds."""
FIRST_BYTE_WITHIN = 3.0
"""Seconds that standard input may take to begin where there is a text already.

Under ssh, in a job runner or a service it may be a pipe to which nobody will ever write.
"""


def read_message(argument: str | None, warn: Callable[[str], None]) -> str:
    """The text to send: the argument, a blank line, what is piped in. Raises SettingsError without any."""
    parts = [] if argument is None else [_readable(argument)]
    if _is_to_be_read(argument is not None, warn):
        parts.append(_read_all())
    text = "\n\n".join(part for part in parts if part.strip())
    if not text:
        raise SettingsError("there is no message to send: pass it as TEXT or on standard input")
    return text


def _is_to_be_read(has_argument: bool, warn: Callable[[str], None]) -> bool:
    """Whether standard input is part of the message."""
    if sys.stdin is None or sys.stdin.closed:
        return False
    if sys.stdin.isatty():
        if not has_argument:
            print("Type the message, then Ctrl+D.", file=sys.stderr, flush=True)
        return not has_argument
    if not has_argument:
        return True
    try:
        descriptor = sys.stdin.fileno()
        mode = os.fstat(descriptor).st_mode
    except (OSError, ValueError):  # no file of the system's
        return False
    if stat.S_ISREG(mode):
        # A loop such as `while read` has read a part of it and goes on after us.
        if os.lseek(descriptor, 0, os.SEEK_CUR) == 0:
            return True
        warn("standard input was already read in part and is ignored")
        return False
    waits = os.name == "posix" and (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode))
    if waits and not select.select([descriptor], [], [], FIRST_BYTE_WITHIN)[0]:
        warn(f"nothing on standard input for {FIRST_BYTE_WITHIN:g} s: sending the text without it")
        return False
    return True


def _read_all() -> str:
    """Standard input, without the line end that a command's output ends with. Raises SettingsError."""
    try:
        data = sys.stdin.buffer.read(LARGEST + 1)
    except OSError as error:
        raise SettingsError(f"standard input could not be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise SettingsError(f"standard input is larger than {LARGEST // 1_000_000} MB: too big for a message")
    for encoding in ("utf-8-sig", locale.getencoding()):
        try:
            return data.decode(encoding).removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError:
            continue
    raise SettingsError("the message on standard input is not UTF-8 text")


def _readable(argument: str) -> str:
    """The argument as UTF-8, where the locale could not read it. Raises SettingsError."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        try:
            return os.fsencode(argument).decode()
        except UnicodeError:
            raise SettingsError("the message is not UTF-8 text") from None
    return argument
