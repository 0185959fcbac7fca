"""A visit as its host makes one: a folder, a channel, the program on a pseudo-terminal.

with Visiting(folder, server) as visit:
    visit.sees("Message Acme")
    visit.until(lambda: visit.told("copy"), "a copy")
"""

import json
import os
import select
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pseudo_terminal import Terminal

from command_runs import chatbot_of, login_environment
from demo_server import DemoServer

VISITOR = (sys.executable, "-P", "-m", "userdesk.tui.visitor")
KEYS = 'new_conversation = "f2"\nswitch = "f3"\n'


def folder_of(parent: Path) -> Path:
    """A folder for a visit, with the configuration that the host writes."""
    folder = parent / "visit-1"
    (folder / "tmp").mkdir(parents=True)
    folder.chmod(0o700)
    (folder / "config.toml").write_text(f"[keys]\n{KEYS}", "utf-8")
    return folder


def environment_of(folder: Path, server: DemoServer, channel: int) -> dict[str, str]:
    """What the host tells the visitor's process."""
    return {
        **login_environment(folder, folder / "data"),
        **chatbot_of(server, name="Acme support"),
        "TMPDIR": str(folder / "tmp"),
        "USERDESK_CONFIG": str(folder / "config.toml"),
        "USERDESK_VISIT_CHANNEL": str(channel),
        "USERDESK_VISIT_FOLDER": str(folder),
    }


class Visiting(Terminal):
    """A terminal that also reads what the host is told."""

    def __init__(
        self, folder: Path, server: DemoServer, more: Mapping[str, str] | None = None, **how: Any
    ) -> None:
        self.folder = folder
        self._channel, theirs = os.pipe()
        self._came = b""
        environment = environment_of(folder, server, theirs) | (more or {})
        try:
            super().__init__(environment, instead=VISITOR, descriptors=(theirs,), **how)
        finally:
            os.close(theirs)

    def __exit__(self, *exits: object) -> None:
        super().__exit__(*exits)
        os.close(self._channel)

    def told(self, kind: str) -> list[dict[str, Any]]:
        """What the host was told so far, of one type."""
        while select.select([self._channel], [], [], 0)[0] and (data := os.read(self._channel, 65_536)):
            self._came += data
        messages = map(json.loads, self._came.split(b"\n")[:-1])
        return [message for message in messages if message["type"] == kind]
