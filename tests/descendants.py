"""The processes that a program started."""

import os
from pathlib import Path


def descendants_of(pid: int) -> set[int]:
    """A process's children and theirs, as Linux tells of them."""
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        at = waiting.pop()
        for task in Path(f"/proc/{at}/task").glob("*"):
            try:
                children = (task / "children").read_text()
            except OSError:  # it is over
                continue
            new = {int(child) for child in children.split()} - found
            found |= new
            waiting += new
    return found


def is_running(pid: int) -> bool:
    """Whether a process is there and not over."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def have_worked(pid: int) -> set[int]:
    """Those of them that have used a tenth of a second of processor time."""
    tick = os.sysconf("SC_CLK_TCK")
    return {process for process in descendants_of(pid) if _ticks_of(process) > tick / 10}


def _ticks_of(process: int) -> int:
    try:
        behind_its_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it is over
        return 0
    return int(behind_its_name[11])  # in user mode
