"""Hyperlinks (OSC 8): for terminals that are known to have them, and of addresses that may be opened."""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote
from zlib import crc32

from userdesk.domain.secret_mask import KNOWN
from userdesk.files.addresses import is_openable, spelled_out

END = "\x1b]8;;\x1b\\"
LONGEST = 2000  # characters; what terminals built on VTE take
_PROGRAMS = {"iTerm.app", "WezTerm", "vscode", "ghostty", "mintty", "rio", "Hyper", "tmux"}
_TERMS = ("xterm-kitty", "xterm-ghostty", "foot", "alacritty", "wezterm", "contour", "rio", "tmux")
_FIRST_SOUND_VTE = 5001  # the versions before it crash on some addresses
_PRINTABLE = "".join(map(chr, range(33, 127)))


def has_hyperlinks(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is one that knows them.

    Those that do not are left alone: the console of Linux prints the sequence, and so does GNU screen from
    a certain length on.
    """
    term = environ.get("TERM", "")
    if environ.get("STY") or term in ("linux", "dumb"):
        return False
    vte = environ.get("VTE_VERSION", "")
    return (
        environ.get("TERM_PROGRAM") in _PROGRAMS
        or term.startswith(_TERMS)
        or (vte.isdecimal() and int(vte) >= _FIRST_SOUND_VTE)
        or any(environ.get(name) for name in ("KONSOLE_VERSION", "WT_SESSION", "KITTY_WINDOW_ID"))
    )


def uri_of(address: str) -> str:
    """An address as terminals are given it, in ASCII; empty for one that is not given to them."""
    if not is_openable(address) or KNOWN.spans(address):
        return ""
    uri = quote(spelled_out(address), safe=_PRINTABLE)
    return uri if len(uri) <= LONGEST else ""


@lru_cache(1024)
def hyperlink(uri: str) -> str:
    """The sequence that begins a link; what leads to the same address lights up as one."""
    return f"\x1b]8;id={crc32(uri.encode()):x};{uri}\x1b\\"
