"""What a command says beside its output: one line each on standard error."""

import sys

from userdesk.domain.safe_text import clean_line


def warn(words: str) -> None:
    """Something to know, or the one line of an error."""
    print(f"userdesk: {clean_line(words, 500)}", file=sys.stderr, flush=True)
