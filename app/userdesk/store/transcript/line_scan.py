"""Finds the lines of a transcript without reading what they say: offsets only, in bounded memory."""

from array import array
from dataclasses import dataclass, field

from userdesk.files.reading import read_at

_BLOCK = 256 * 1024
_EDGE = 256
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OPEN, _CLOSE = ord("{"), ord("}")


@dataclass(slots=True)
class Scan:
    """Where lines lie that look like JSON objects, from the offset the scan began at."""

    starts: "array[int]" = field(default_factory=lambda: array("Q"))
    ends: "array[int]" = field(default_factory=lambda: array("Q"))
    unreadable: int = 0
    """Finished lines that hold something else."""
    finished: int = 0
    """Bytes of the file up to the end of its last finished line."""
    open_line: bool = False
    """Whether the last of the lines has no newline yet."""
    torn: bool = False
    """Whether something without a newline stands at the end that is no whole object."""


def scan_lines(descriptor: int, begin: int) -> Scan:
    """The lines of an open file from an offset that is the beginning of a line. Raises OSError."""
    scan = Scan(finished=begin)
    position = line = begin
    while block := read_at(descriptor, _BLOCK, position):
        cursor = 0
        while (newline := block.find(b"\n", cursor)) >= 0:
            first = line - position
            end = position + newline
            if first >= 0 and newline > first and block[first] == _OPEN and block[newline - 1] == _CLOSE:
                scan.starts.append(line)
                scan.ends.append(end)
            else:
                _judge(scan, descriptor, line, end)
            cursor = newline + 1
            line = position + cursor
        position += len(block)
    scan.finished = line
    if position > line:
        count = len(scan.starts)
        skipped = scan.unreadable
        _judge(scan, descriptor, line, position)
        scan.open_line = len(scan.starts) > count
        scan.torn = scan.unreadable > skipped
        scan.unreadable = skipped
    return scan


def _judge(scan: Scan, descriptor: int, start: int, end: int) -> None:
    """Take in a line that lies over two blocks, has white space around it, or is no object."""
    head = read_at(descriptor, min(_EDGE, end - start), start)
    if start == 0 and head.startswith(_BYTE_ORDER_MARK):
        start, head = start + len(_BYTE_ORDER_MARK), head[len(_BYTE_ORDER_MARK) :]
    body = head.lstrip()
    if not body and end - start <= _EDGE:
        return
    start += len(head) - len(body)
    reach = max(start, end - _EDGE)
    tail = read_at(descriptor, end - reach, reach).rstrip()
    if body.startswith(b"{") and tail.endswith(b"}"):
        scan.starts.append(start)
        scan.ends.append(reach + len(tail))
    else:
        scan.unreadable += 1
