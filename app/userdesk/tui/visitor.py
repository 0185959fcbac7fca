"""The full-screen program for a visitor of `userdesk serve`, in a pseudo-terminal of the host's.

Run as `python -P -m userdesk.tui.visitor`, in an environment that the host makes.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from userdesk.settings import Options, SettingsError, resolve
from userdesk.tui.start import prepare
from userdesk.tui.visit import Visit

USAGE, DEFECT = 2, 70
"""Exit statuses, which the host counts as those of the commands."""


def main() -> int:
    """Show the program until the visitor leaves or the terminal goes, then remove the visit's folder.

    The standard error leads nowhere but while the program draws on it: what else is written there has paths
    and is not for visitors.
    """
    prepare()
    try:
        visit = Visit.of(os.environ)
    except ValueError as error:
        return _complain(f"{error}: this is run by userdesk serve")
    try:
        return _show(visit)
    except Exception:  # its report would go with the folder, and its words are not for visitors
        return _complain("the program ended because of a bug", DEFECT)
    finally:
        visit.remove_folder()


def _show(visit: Visit) -> int:
    try:
        settings = resolve(Options(play=visit.play))
    except SettingsError:
        settings = None
    if settings is None or settings.start_bot not in settings.chatbots:
        return _complain("the visit has no chatbot")
    if not settings.data_dir.is_relative_to(visit.folder):
        return _complain("the visit has no data folder of its own")
    from userdesk.tui.app import run

    with _terminal_as_standard_error():
        return run(settings, Options(play=visit.play), visit)


@contextmanager
def _terminal_as_standard_error() -> Iterator[None]:
    """The descriptor on which the driver draws is the terminal meanwhile."""
    nowhere = os.dup(2)
    os.dup2(1, 2)
    try:
        yield
    finally:
        os.dup2(nowhere, 2)
        os.close(nowhere)


def _complain(words: str, status: int = USAGE) -> int:
    print(f"userdesk: {words}")
    return status


if __name__ == "__main__":
    sys.exit(main())
