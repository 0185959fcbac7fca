"""What to say of a word that is not among those that are known."""

from collections.abc import Iterable


def nearest(typed: str, known: Iterable[str]) -> str | None:
    """The known word that is most like what was typed; None where none is much like it."""
    from difflib import get_close_matches  # only where something is wrong

    return next(iter(get_close_matches(typed, list(known), n=1)), None)


def suggestion(typed: str, known: Iterable[str]) -> str:
    """`did you mean theme?`, or all the words that are known where none is like it."""
    known = tuple(known)
    near = nearest(typed, known)
    return f"did you mean {near}?" if near else f"expected one of {', '.join(known)}"
