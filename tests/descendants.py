"""The processes that a program started."""

from pathlib import Path


def descendants_of(pid: int) -> set[int]:
    """A process's children and theirs, as Linux tells of them."""
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        at = waiting.pop()
        for task in Path(f"/proc/{at}/task").glob("*"):
            new = {int(child) for child in (task / "children").read_text().split()} - found
            found |= new
            waiting += new
    return found
