"""What a command says beside its output: one line each on standard error."""

import sys

from userdesk.domain.safe_text import clean_line


def warn(message: str) -> None:
    """Something to know, or the one line of an error."""
    print(f"userdesk: {clean_line(message, 500)}", file=sys.stderr, flush=True)
