"""What a signal does to a command that is about to tell what was done."""

import os
import signal

import pytest

from userdesk.commands.exit_status import ExitStatus
from userdesk.commands.signals import ended_by, ended_status, signals_like_ctrl_c, tell_first, was_ended


def test_the_first_one_waits_for_the_report_and_the_second_does_not() -> None:
    with signals_like_ctrl_c():
        tell_first()
        assert not was_ended()
        os.kill(os.getpid(), signal.SIGINT)
        assert was_ended()
        assert (ended_by(), ended_status()) == ("with Ctrl+C", ExitStatus.INTERRUPTED)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_kill_that_waited_decides_the_status() -> None:
    with signals_like_ctrl_c():
        tell_first()
        os.kill(os.getpid(), signal.SIGTERM)
        assert (ended_by(), ended_status()) == ("by SIGTERM", ExitStatus.TERMINATED)
    with signals_like_ctrl_c():
        assert not was_ended()
