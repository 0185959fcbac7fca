"""The full-screen program for a visitor of `userdesk serve`, in a pseudo-terminal of the host's.

Run as `python -P -m userdesk.tui.visitor`, in an environment that the host makes.
"""

import os
import sys

from userdesk.settings import Options, SettingsError, resolve
from userdesk.tui.start import prepare
from userdesk.tui.visit import Visit

USAGE, DEFECT = 2, 70
"""Exit statuses, which the host counts as those of the commands."""


def main() -> int:
    """Show the program until the visitor leaves or the terminal goes, then remove the visit's folder."""
    prepare()
    try:
        visit = Visit.of(os.environ)
    except ValueError as error:
        return _complain(f"{error}: this is run by userdesk serve")
    try:
        return _show(visit)
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

    try:
        return run(settings, Options(play=visit.play), visit)
    except Exception:  # its report would go with the folder, and its words are not for visitors
        return _complain("the program ended because of a bug", DEFECT)


def _complain(words: str, status: int = USAGE) -> int:
    print(f"userdesk: {words}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
