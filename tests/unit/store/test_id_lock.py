"""The right to ask for a conversation's id."""

import errno
import os
from pathlib import Path

import pytest

from userdesk.store.locks.advisory import IdLock


def test_an_error_on_giving_it_back_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transcript = tmp_path / "a.jsonl"
    transcript.write_bytes(b"{}\n")
    lock = IdLock(transcript)
    assert lock.take()
    close = os.close

    def failing(descriptor: int) -> None:
        close(descriptor)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "close", failing)
    lock.release()
    monkeypatch.undo()
    assert IdLock(transcript).take()
