"""The flags of `userdesk` and of its commands."""

from userdesk.commands.parser.arguments import UsageError
from userdesk.commands.parser.program import options_of, parse, program_parser

__all__ = ["UsageError", "options_of", "parse", "program_parser"]
