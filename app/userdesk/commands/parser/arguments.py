"""What the flags and arguments of all commands are made with."""

import argparse
import math
import re
import shlex
import shutil
import textwrap
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from typing import Any, NoReturn, TypeAlias

from userdesk.domain.durations import parse_duration
from userdesk.domain.quoting import quoted
from userdesk.domain.suggestions import nearest, suggestion
from userdesk.settings.specs import SettingSpec

_WIDTH = 78  # columns of the help


class UsageError(Exception):
    """The arguments cannot be understood."""

    def __init__(self, program: str, message: str) -> None:
        super().__init__(message)
        self.program = program
        """`userdesk`, or with its command: `userdesk send`."""


class Parser(argparse.ArgumentParser):
    """A parser whose mistakes are raised, not printed, and say what was probably meant.

    `examples` are lines of a shell that stand at the end of its help, before the epilog.
    """

    def __init__(self, *, examples: Sequence[str] = (), **options: Any) -> None:
        shown = "\n".join(["examples:", *(f"  {each}" for each in examples)]) if examples else ""
        options["epilog"] = "\n\n".join(filter(None, (shown, options.get("epilog"))))
        options["description"] = textwrap.fill(options.get("description", ""), _WIDTH)
        self.commands: Mapping[str, Parser] = {}
        """The parsers below this one, by name."""
        self._given: Sequence[str] = ()
        self._refused = ""
        super().__init__(allow_abbrev=False, formatter_class=_Formatter, **options)

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Raises UsageError for what this parser does not know: the one of a command names the command."""
        self._given = args or ()
        parsed, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized argument: {' '.join(map(quoted, unknown[:5]))}")
        return parsed, unknown

    def error(self, message: str) -> NoReturn:
        """Raise UsageError; for a flag that is not known first, which may be why the rest makes no sense."""
        flags = re.findall(r"--[a-z][\w-]*", self.format_usage())
        ends = {"--", self._refused, *self.commands}
        for each in takewhile(lambda each: each not in ends, self._given):
            name = each.partition("=")[0]
            if name.startswith("--") and name != "--help" and name not in flags:
                near = nearest(name, flags)
                message = f"unrecognized argument: {quoted(each)}" + (
                    f"; did you mean {near}?" if near else ""
                )
                break
        raise UsageError(self.prog, message)

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is not None and value not in action.choices:
            self._refused = str(value)
            meant = suggestion(self._refused, map(str, action.choices))
            raise argparse.ArgumentError(action, f"invalid choice: {quoted(self._refused)}; {meant}")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Wraps the help for 80 columns, or less where the terminal has less."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=min(_WIDTH, shutil.get_terminal_size().columns - 2))


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
"""What the parser of a command is added to."""


def add(parser: "argparse._ActionsContainer", name: str, help: str, **options: Any) -> None:
    """An argument, `NAME VALUE` or `--flag VALUE`; a flag without a value is a switch."""
    name, _, metavar = name.partition(" ")
    options |= {"metavar": metavar} if metavar else {"action": options.get("action", "store_true")}
    parser.add_argument(name, help=help, **options)


def add_setting(parser: "argparse._ActionsContainer", spec: SettingSpec) -> None:
    """The flag of a setting."""

    def parse(text: str) -> object:
        try:
            return spec.kind.parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    options: dict[str, Any] = {"dest": spec.name}
    if spec.kind.choices:
        options["choices"] = spec.kind.choices
    elif spec.flag_name != spec.flag:
        options["type"] = parse
    add(parser, spec.flag, spec.help, **options)


def duration_argument(text: str) -> int:
    """For `type`: a duration as people type it, in seconds."""
    if (seconds := parse_duration(text)) is None:
        raise argparse.ArgumentTypeError(f"expected a duration such as 30s, 5m or 1h, not {quoted(text)}")
    return seconds


def command_argument(text: str) -> list[str]:
    """For `type`: a program and its arguments, as a shell would split them."""
    try:
        words = shlex.split(text)
    except ValueError:
        words = []
    if not words:
        raise argparse.ArgumentTypeError(f"expected a program and its arguments, not {quoted(text)}")
    return words


def number_argument(
    least: float, most: float, expected: str, kind: type[int] | type[float] = float
) -> Callable[[str], float]:
    """For `type`: a number in this range, which `expected` describes."""

    def parse(text: str) -> float:
        try:
            number = kind(text if kind is float or text.isdecimal() else "")
        except ValueError:
            number = math.nan
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"expected {expected}")
        return number

    return parse
