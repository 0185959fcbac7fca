"""A benchmark that leaves something behind is found out."""

import gc
import subprocess
import sys
import threading
from contextlib import suppress

import interpreter_state
import pytest
from interpreter_state import Interpreter


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter_state, "LIMIT", 0.05)


def test_nothing_is_left_by_what_has_ended() -> None:
    before = Interpreter()
    thread = threading.Thread(target=sum, args=(range(10),))
    thread.start()
    thread.join()
    subprocess.run([sys.executable, "-c", ""], check=True)
    assert before.changes() == []


def test_a_thread_is_found() -> None:
    before, ended = Interpreter(), threading.Event()
    thread = threading.Thread(target=ended.wait, name="busy", daemon=True)
    thread.start()
    (found,) = before.changes()
    assert "busy" in found
    ended.set()
    thread.join()
    assert before.changes() == []


@pytest.mark.skipif(not interpreter_state.TASKS.exists(), reason="the system does not tell children")
def test_a_process_is_found() -> None:
    before = Interpreter()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert before.changes() == [f"process {child.pid}"]


def test_another_collector_is_found() -> None:
    before, thresholds, interval = Interpreter(), gc.get_threshold(), sys.getswitchinterval()
    gc.disable()
    gc.set_threshold(1, 2, 3)
    gc.callbacks.append(_look)
    sys.setswitchinterval(0.5)
    try:
        found = before.changes()
    finally:
        gc.enable()
        gc.set_threshold(*thresholds)
        sys.setswitchinterval(interval)
        with suppress(ValueError):
            gc.callbacks.remove(_look)
    assert len(found) == 4
    assert before.changes() == []


def _look(*_: object) -> None:
    pass
