"""The command line: reads the flags and hands over to the screen or to one command."""

import errno
import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from userdesk.commands.exit_status import ExitStatus
from userdesk.commands.streams import lenient_streams, warn
from userdesk.settings import Options, SettingsError, resolve

if TYPE_CHECKING:
    import argparse

_OUTPUT_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
_NO_TERMINAL = (
    "the full-screen program needs a terminal; to send one message without it, run: userdesk send TEXT"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run `userdesk` with these arguments; the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    with lenient_streams():
        return _status(arguments)


def _status(arguments: list[str]) -> int:
    try:
        try:
            return int(_dispatch(arguments))
        finally:
            if sys.stdout:  # while a reader that has gone can still be told
                sys.stdout.flush()
    except SettingsError as error:
        return _complain(str(error))
    except KeyboardInterrupt:
        return ExitStatus.INTERRUPTED
    except BrokenPipeError:
        _give_up_output()
        return ExitStatus.READER_GONE
    except OSError as error:
        # Every file of ours is written where its errors are told; what comes up to here had no name.
        if error.filename is not None or error.errno not in _OUTPUT_ERRORS:
            return _crashed(error, arguments)
        _give_up_output()
        return _complain(f"standard output could not be written: {error.strerror}")
    except Exception as error:
        return _crashed(error, arguments)


def _dispatch(arguments: list[str]) -> int:
    if not arguments:  # the commonest start does without the parser, whose import takes its time
        return _full_screen(Options())
    from userdesk.commands.parser import UsageError, options_of, parse

    try:
        parsed = parse(arguments)
    except UsageError as error:
        return _usage_error(str(error), error.program, arguments)
    return _command(parsed) if parsed.command else _full_screen(options_of(parsed))


def _usage_error(message: str, program: str, arguments: list[str]) -> int:
    """One line that names the command and where its flags are told, or JSON."""
    from userdesk.commands.output import JsonOutput
    from userdesk.domain.quoting import without_keys
    from userdesk.domain.safe_text import clean_line

    message = f"{clean_line(without_keys(message), 400)} (see {program} --help)"
    flags = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if "--json" in flags:
        output = JsonOutput()
        output.error(message)
        output.close()
    else:
        print(f"{program}: {message}", file=sys.stderr, flush=True)
    return ExitStatus.USAGE


def _command(parsed: "argparse.Namespace") -> int:
    from userdesk.commands.signals import ended_status, signals_like_ctrl_c

    if sys.stdout is None:
        return _complain("standard output is closed")
    with signals_like_ctrl_c():
        try:
            status = _run(parsed)
        except KeyboardInterrupt:
            status = ExitStatus.INTERRUPTED
        return ended_status() if status == ExitStatus.INTERRUPTED else status


def _run(parsed: "argparse.Namespace") -> int:
    """Do what the command is for; its exit status."""
    from userdesk.commands.parser import options_of

    options = options_of(parsed)
    match parsed.command:
        case "doctor":
            from userdesk.commands.doctor import doctor
            from userdesk.tui.screen_settings import screen_problems

            return doctor(options, offline=parsed.offline, of_screen=screen_problems)
        case "demo-server":
            from userdesk.demo.server.host import run_demo_server

            return run_demo_server(parsed.port)
        case "serve":
            from userdesk.serve.command import serve
            from userdesk.serve.request import Request
            from userdesk.tui.screen_settings import is_built_in_theme

            return serve(
                Request(*(getattr(parsed, name) for name in Request._fields)), options, is_built_in_theme
            )
    # Each other command is a module of its name: its request has what its flags say.
    module = importlib.import_module(f"userdesk.commands.{parsed.command}")
    request = module.Request(*(getattr(parsed, name) for name in module.Request._fields))
    return int(getattr(module, parsed.command)(request, options))


def _full_screen(options: Options) -> int:
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout)):  # closed, it is None
        return _complain(_NO_TERMINAL)
    from userdesk.tui.start import prepare

    prepare()
    settings = resolve(options)
    from userdesk.tui.app import run

    return run(settings, options)


def _complain(words: str) -> int:
    from userdesk.domain.quoting import without_keys

    warn(without_keys(words))  # what it quotes of a file may hold anything
    return ExitStatus.USAGE


def _crashed(error: Exception, arguments: list[str]) -> int:
    """A defect of ours: a report instead of a traceback, which could show a key."""
    from userdesk.commands.parser import options_of, parse
    from userdesk.diagnostics.crash import write_crash_report

    report = None
    with suppress(Exception, SystemExit):  # what failed may be what tells where the data folder is
        report = write_crash_report(resolve(options_of(parse(arguments))).data_dir, error)
    where = f"see {report}" if report else "no report could be written"
    words = f"the program crashed because of a bug: {where}. What you typed and sent is saved."
    print(f"userdesk: {words}", file=sys.stderr)
    return ExitStatus.DEFECT


def _give_up_output() -> None:
    # The interpreter flushes standard output at its end, and would fail once more.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
