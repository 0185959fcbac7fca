"""`userdesk export`: a saved conversation as a file, in one of the formats of an export."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from userdesk.commands.exit_status import ExitStatus
from userdesk.commands.saved import settings_for_saved, subject_of
from userdesk.commands.streams import warn
from userdesk.domain.safe_text import clean_line
from userdesk.export.formats import FORMATS, format_of_name, in_blocks, rendered
from userdesk.export.redaction import redacted
from userdesk.files.private_files import write_named_in_pieces
from userdesk.settings import Options, SettingsError
from userdesk.store.problems import reason

_SAYS_NOTHING = ("", ".txt")
"""Endings of files that may hold Markdown as well."""


class Request(NamedTuple):
    """What `userdesk export` was asked for."""

    id: str | None
    """A conversationId or local key, or the beginning of one; None for the most recent conversation."""
    format: str | None = None
    """One of `export.FORMATS`; None for the one that the file's name asks for, else Markdown."""
    output: Path | None = None
    """The file to write; None or `-` for standard output."""
    redact: bool = False


def export(request: Request, options: Options) -> int:
    """Write the conversation; the exit status. Raises SettingsError, and BrokenPipeError."""
    if request.output == Path("-"):
        request = request._replace(output=None)
    if request.output is not None and not request.output.name:
        raise SettingsError(f"--output {request.output}: expected a file, not a folder")
    format_name = _format(request)
    settings, bot = settings_for_saved(options)
    subject, api_keys = subject_of(settings, request.id, bot)
    if request.redact:
        subject = redacted(subject, settings.user, api_keys)

    def blocks() -> Iterator[bytes]:
        return in_blocks(rendered(subject, format_name))

    if request.output is None:
        for block in blocks():
            sys.stdout.buffer.write(block)
        sys.stdout.flush()
        return ExitStatus.DONE
    try:
        write_named_in_pieces(request.output, blocks)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        why = reason(error) if isinstance(error, OSError) else str(error)
        shown = clean_line(str(request.output), 200)
        raise SettingsError(f"--output {shown}: could not be written: {why}") from error
    if sys.stderr.isatty():
        warn(f"wrote {request.output}")
    return ExitStatus.DONE


def _format(request: Request) -> str:
    """The one that was asked for, else the file's. Raises SettingsError where its ending is another's."""
    if request.format or request.output is None:
        return request.format or "md"
    named = format_of_name(request.output.name)
    if named is None and request.output.suffix.lower() not in _SAYS_NOTHING:
        shown = clean_line(str(request.output), 200)
        endings = ", ".join(f".{name}" for name in FORMATS)
        raise SettingsError(f"--output {shown}: expected a name that ends with {endings}, or --format")
    return named or "md"
