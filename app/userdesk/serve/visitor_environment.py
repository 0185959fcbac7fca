"""What a visitor's process is told: its environment, and the configuration in its folder. Nothing else."""

import site
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROGRAM = (sys.executable, "-P", "-m", "userdesk.tui.visitor")
"""The full-screen program as visitors get it. -P: modules lying about in a folder must not get into it."""
_LOCALE = ("LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LC_TIME", "LC_NUMERIC", "LC_COLLATE")
_LIBRARIES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Where an interpreter may find its own libraries, without which it does not start."""
_USUAL_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorProgram:
    """What all visitors' processes have in common."""

    chatbot_id: str
    chatbot_name: str
    base_url: str
    """Where the host passes requests on to the service; on loopback."""
    theme: str = ""
    questions: bytes | None = None
    """The question set that every visitor walks through."""
    command: tuple[str, ...] = PROGRAM


def visitor_environment(
    program: VisitorProgram,
    folder: Path,
    *,
    key: str,
    channel: int,
    gate: int | None = None,
    environ: Mapping[str, str],
) -> dict[str, str]:
    """The whole environment of a visitor's process: of the host's it has the path and the language, and
    what the interpreter needs to start as this one did.

    `key` is the visit's own secret, `channel` the descriptor on which the process tells the host things,
    `gate` one that ends when the visitor is there, for a process that is started before.
    """
    environment = {name: environ[name] for name in (*_LOCALE, *_LIBRARIES) if name in environ}
    environment |= {
        "PATH": environ.get("PATH", _USUAL_PATH),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "HOME": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "XDG_CONFIG_HOME": str(folder / ".config"),
        "XDG_DATA_HOME": str(folder / ".local/share"),
        "XDG_STATE_HOME": str(folder / ".local/state"),
        "XDG_CACHE_HOME": str(folder / ".cache"),
        "XDG_RUNTIME_DIR": str(folder / "tmp"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "USERDESK_DATA_DIR": str(folder / "data"),
        "USERDESK_CONFIG": str(folder / "config.toml"),
        "USERDESK_CHATBOT_ID": program.chatbot_id,
        "USERDESK_CHATBOT_NAME": program.chatbot_name,
        "USERDESK_BASE_URL": program.base_url,
        "USERDESK_API_KEY": key,
        "USERDESK_VISIT_CHANNEL": str(channel),
        "USERDESK_VISIT_FOLDER": str(folder),
    }
    if program.questions is not None:
        environment["USERDESK_VISIT_PLAY"] = str(folder / "set.toml")
    if gate is not None:
        environment["USERDESK_VISIT_GATE"] = str(gate)
    package = Path(__file__).resolve().parents[2]
    if package.name not in ("site-packages", "dist-packages"):  # a checkout that is not installed
        environment["PYTHONPATH"] = str(package)
    if site.ENABLE_USER_SITE:  # `pip install --user`: it would be looked for below HOME
        environment["PYTHONUSERBASE"] = site.getuserbase()
    return environment


def visitor_config(theme: str) -> str:
    """The configuration of a visitor's program: browsers keep Ctrl+N, Ctrl+T and Ctrl+W for themselves."""
    import tomli_w

    keys = {"new_conversation": "f2", "switch": "f3"}
    return tomli_w.dumps(({"theme": theme} if theme else {}) | {"keys": keys})
