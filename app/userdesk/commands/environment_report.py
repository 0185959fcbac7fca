"""What `userdesk doctor` tells of the program's surroundings: versions, files, terminal, network."""

import locale
import os
import platform
import re
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from userdesk import __version__
from userdesk.chat.registry import applied_proxy
from userdesk.domain.quoting import quoted
from userdesk.domain.safe_text import clean_line
from userdesk.files.writable import folder_trouble
from userdesk.settings import Settings
from userdesk.store import Store

_LIBRARIES = ("textual", "rich", "httpx", "markdown-it-py", "truststore", "keyring")
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_CLIPBOARDS = ("wl-copy", "xclip", "xsel", "pbcopy", "clip.exe")
_INSIDE = {"TMUX": "tmux", "STY": "screen", "ZELLIJ": "zellij", "SSH_CONNECTION": "ssh", "SSH_TTY": "ssh"}
_NONE = "–"


def program_lines() -> Iterator[str]:
    """The program's version and what it runs on."""
    yield _row("userdesk", __version__)
    yield _row("Python", f"{platform.python_version()} ({sys.executable})")
    yield _row("system", f"{platform.system()} {platform.release()} {platform.machine()}")
    yield _row("libraries", ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES))


def file_lines(settings: Settings, problems: list[str]) -> Iterator[str]:
    """Where files are and whether they can be used, changing nothing; what is wrong goes into `problems`."""
    yield _row("configuration", f"{settings.config_file} · {_state(settings.config_file)}")
    if trouble := folder_trouble(settings.config_file.parent):
        # No problem for somebody who writes it elsewhere; the screen could not keep a chatbot or a theme.
        yield _row("", f"its folder {trouble}")
    folder = settings.data_dir
    if trouble := folder_trouble(folder):
        problems.append(f"{folder}: {trouble}")
    yield _row("data folder", f"{folder} · {trouble or _state(folder)}")
    if not os.path.isdir(folder):  # unlike Path.is_dir it does not raise where that cannot be told
        return
    store = Store(folder)
    store.reload()
    counts = [f"{len(store.conversations())} saved", f"{len(store.trash.keys())} in the trash"]
    yield _row("conversations", ", ".join(counts))
    for each in store.folder.take_problems():
        if not store.folder.read_only:  # a newer version's folder can be read, as it should be
            problems.append(each.located)
        yield f"  ✗ {clean_line(each.message, 500)}"
    try:
        yield _row("free space", f"{shutil.disk_usage(folder).free / 1e6:,.0f} MB")
    except OSError as error:
        yield _row("free space", f"unknown: {error.strerror or error}")


def terminal_lines(environ: Mapping[str, str] = os.environ) -> Iterator[str]:
    """What the terminal says of itself."""
    is_terminal = bool(sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())
    yield _row("terminal", "yes" if is_terminal else "no: the full-screen program needs one")
    size = shutil.get_terminal_size()
    yield _row("size", f"{size.columns} × {size.lines} cells")
    yield _row("TERM", clean_line(environ.get("TERM", "")) or _NONE)
    yield _row("colours", colours(environ))
    yield _row("encoding", f"{sys.stdout.encoding}, locale {locale.getpreferredencoding(False)}")
    inside = dict.fromkeys(name for variable, name in _INSIDE.items() if environ.get(variable))
    yield _row("inside", ", ".join(inside) or "no multiplexer, no ssh")
    found = [name for name in _CLIPBOARDS if shutil.which(name)]
    yield _row("clipboard", ", ".join(["OSC 52, if the terminal supports it", *found]))
    editor = environ.get("VISUAL") or environ.get("EDITOR") or ""
    yield _row("editor", quoted(editor, 80) or "neither VISUAL nor EDITOR is set")


def colours(environ: Mapping[str, str]) -> str:
    """How many colours the environment promises."""
    if environ.get("NO_COLOR"):
        return "none: NO_COLOR is set"
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return "16 million"
    term = environ.get("TERM", "")
    if term in ("", "dumb"):
        return "none"
    return "256" if "256color" in term or term == "xterm" else "16"


def network_lines(base_url: str, environ: Mapping[str, str] = os.environ) -> Iterator[str]:
    """The usual proxy and certificate variables without passwords, and which proxy a service has by them."""
    for name in (*map(str.lower, _PROXIES), *_PROXIES, *_CERTIFICATES):
        if value := environ.get(name):
            yield _row(name, clean_line(without_password(value)))
    yield _row("proxy", applied_proxy(base_url, environ))
    if not any(environ.get(name) for name in _CERTIFICATES):
        yield _row("certificates", "from the system store")


def without_password(address: str) -> str:
    """A proxy's address without who logs in to it."""
    return re.sub(r"^(\w+://)?.*@", r"\1…@", address, flags=re.S)


def _state(path: Path) -> str:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return "does not exist yet"
    except OSError as error:
        return error.strerror or str(error)
    rights = "can be written" if os.access(path, os.W_OK) else "cannot be written"
    others = ", others can read it" if os.name != "nt" and mode & 0o044 else ""
    return f"{rights}, mode {mode:04o}{others}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _row(name: str, value: str) -> str:
    return f"  {name:<14} {value}"
