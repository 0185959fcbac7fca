"""What the flags and arguments of all commands are made with."""

import argparse
import math
import shlex
from collections.abc import Callable
from typing import Any, NoReturn, TypeAlias

from userdesk.domain.durations import parse_duration
from userdesk.domain.quoting import quoted
from userdesk.settings.specs import SettingSpec


class UsageError(Exception):
    """The arguments cannot be understood."""

    def __init__(self, program: str, message: str) -> None:
        super().__init__(message)
        self.program = program
        """`userdesk`, or with its command: `userdesk send`."""


class Parser(argparse.ArgumentParser):
    """A parser whose mistakes are raised, not printed."""

    def __init__(self, **options: Any) -> None:
        if "epilog" in options:  # its lines stay as they are
            options["formatter_class"] = argparse.RawDescriptionHelpFormatter
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Raise UsageError."""
        raise UsageError(self.prog, message)


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
