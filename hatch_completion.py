"""Makes the shell completions and manual pages of the wheel from the parser of the command line."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPLETIONS = {
    "bash": "share/bash-completion/completions/userdesk",
    "zsh": "share/zsh/site-functions/_userdesk",
    "fish": "share/fish/vendor_completions.d/userdesk.fish",
}
"""Where each shell looks for the completion of a command, below the prefix that the wheel is installed to."""
MANUALS = "share/man/man1"
FILES = ("FILE", "REPORT")
"""What a file is called in the help."""
FOLDERS = ("DIR",)


class ShellData(BuildHookInterface):
    """Adds what shells and `man` read of the program to its wheel."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        """Make the files; hatchling then puts them into the wheel's data."""
        if version == "editable":  # what is installed would be out of date with the next change
            return
        sys.path.insert(0, str(Path(self.root, "app")))
        os.environ["COLUMNS"] = "80"  # nothing depends on the terminal that builds
        from userdesk.commands.parser import program_parser

        self._folder = Path(tempfile.mkdtemp())
        parser = program_parser()
        for each in _with_those_below(parser):
            self._add(f"{MANUALS}/{_page_name(each)}.1", _manual(each), build_data)
        for shell, path in COMPLETIONS.items():
            self._add(path, _completion(parser, shell), build_data)

    def finalize(self, version: str, build_data: dict[str, object], artifact_path: str) -> None:
        """Take the files away that the wheel now has."""
        if version != "editable":
            shutil.rmtree(self._folder)

    def _add(self, path: str, text: str, build_data: dict[str, object]) -> None:
        made = self._folder / path
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_text(text, "utf-8")
        build_data["shared_data"][str(made)] = path  # type: ignore[index]


def _with_those_below(parser) -> Iterator:
    yield parser
    for each in parser.commands.values():
        yield from _with_those_below(each)


def _completion(parser, shell: str) -> str:
    import shtab

    for each in _with_those_below(parser):
        each.description = _first_sentence(each)
        for action in each._actions:
            if action.metavar in FILES + FOLDERS:
                action.complete = shtab.DIRECTORY if action.metavar in FOLDERS else shtab.FILE
    return shtab.complete(parser, shell)


def _first_sentence(parser) -> str:
    return " ".join(parser.description.split()).partition(". ")[0].rstrip(".")


def _page_name(parser) -> str:
    return parser.prog.replace(" ", "-")


def _manual(parser) -> str:
    """A page for `man`, which has the examples and exit statuses as they are written."""
    from argparse_manpage.manpage import Manpage

    epilog, parser.epilog = parser.epilog, None
    page = Manpage(parser)
    page.prog = _page_name(parser)
    page.date, page.manual = "", "userdesk"
    page.description = _first_sentence(parser)
    for block in filter(None, epilog.split("\n\n")):
        heading, _, lines = block.partition(":\n")
        escaped = lines.replace("\\", "\\e").replace("-", "\\-").rstrip()
        page.add_section(heading, ">", f".nf\n{escaped}\n.fi")
    if not parser.commands:
        return str(page)
    pages = ", ".join(f"{_page_name(each)}(1)" for each in parser.commands.values())
    page.add_section("see also", ">", pages.replace("-", "\\-"))
    # Each command has a page of its own.
    before, _, commands = str(page).partition("\n.SH COMMAND ")
    return f"{before}\n.SH EXAMPLES{commands.partition('.SH EXAMPLES')[2]}"
