"""The `--help` of `userdesk` and of each command, with those below it, found by what the helps list."""

import io
import re
from collections.abc import Iterator
from contextlib import redirect_stdout

import pytest

from userdesk.commands.parser import parse


def helps(*command: str) -> Iterator[tuple[str, str]]:
    """Each command's words, `questions from`, and its help; the program's own words are empty."""
    out = io.StringIO()
    with redirect_stdout(out), pytest.raises(SystemExit):
        parse([*command, "--help"])
    yield " ".join(command), out.getvalue()
    for name in re.findall(r"^    ([a-z][\w-]*)(?= )", out.getvalue(), re.MULTILINE):
        yield from helps(*command, name)
