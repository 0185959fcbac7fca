"""Lines are found alike however they fall into blocks."""

import json
import os
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userdesk.store.transcript import line_scan

LINE = st.sampled_from([b'{"a": 1}', b"{}", b"", b"{", b"}", b"  {} ", b"no", b'{"b": "' + b"x" * 70 + b'"}'])


def objects(data: bytes) -> list[tuple[int, int]]:
    """Where lines lie that look like objects, one at a time."""
    found, at = [], 0
    for line in data.split(b"\n"):
        body = line.strip()
        if len(body) > 1 and body.startswith(b"{") and body.endswith(b"}"):
            begin = at + line.index(b"{")
            found.append((begin, begin + len(body)))
        at += len(line) + 1
    return found


@given(lines=st.lists(LINE, max_size=30), ends=st.booleans(), block=st.integers(1, 90))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lines_are_found_wherever_a_block_ends(
    tmp_path: Path, lines: list[bytes], ends: bool, block: int
) -> None:
    data = b"\n".join(lines) + (b"\n" if ends else b"")
    path = tmp_path / "lines"
    path.write_bytes(data)
    before, line_scan.BLOCK = line_scan.BLOCK, block
    descriptor = os.open(path, os.O_RDONLY)
    try:
        scan = line_scan.scan_lines(descriptor, 0)
    finally:
        os.close(descriptor)
        line_scan.BLOCK = before
    assert list(zip(scan.starts, scan.ends, strict=True)) == objects(data)
    assert all(json.loads(data[a:b]) is not None for a, b in zip(scan.starts, scan.ends, strict=True))
