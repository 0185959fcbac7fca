"""What the browser loads: our page, and the terminal that textual-serve brings along."""

import gzip
import html
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from string import Template
from typing import NamedTuple

from userdesk.serve.notices import Notice

_THEIRS = {"js/textual.js": "textual.js", "css/xterm.css": "xterm.css", "fonts": "fonts"}
"""What is taken from textual-serve, by the name that it has here."""
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}
"""What is served; nothing else that may lie in the folders."""
_PACKED = {".woff2"}
_ONCE_MORE = Template(
    '<!doctype html><html lang="en" data-theme="$theme"><head><meta charset="utf-8"><title>$title</title>'
    '<link rel="stylesheet" href="$static/page.css">'  # its colours, or white would flash
    '<meta http-equiv="refresh" content="0; url=$address"></head></html>'
)


class StaticFile(NamedTuple):
    """A file as it is sent."""

    data: bytes
    packed: bytes | None
    """The same by gzip, where that is smaller."""
    content_type: str
    tag: str
    """Its ETag: another one for other bytes."""


class PageFiles:
    """The files below /static, and the two pages; all in memory."""

    def __init__(self, look: Mapping[str, str], ours: Traversable | None = None) -> None:
        """Reads them. Raises OSError, and ImportError without textual-serve.

        `look` fills the pages' templates: `title`, the name of the chatbot, and `theme`. `ours` is the
        folder of the page, the package's own by default.
        """
        ours = ours or files("userdesk.serve") / "page"
        theirs = files("textual_serve") / "static"
        found = {name: each for path, at in _THEIRS.items() for name, each in _below(theirs / path, at)}
        found |= dict(_below(ours, ""))
        self._static = {path: _static_file(path, each.read_bytes()) for path, each in found.items()}
        self._page = Template((ours / "page.html").read_text("utf-8"))
        self._notice = Template((ours / "notice.html").read_text("utf-8"))
        tags = "".join(sorted(file.tag for file in self._static.values()))
        self.version = sha256(tags.encode()).hexdigest()[:16]
        """Another one where any file is: it is in their addresses, so that browsers may keep them."""
        self._look = {"theme": "", **look, "static": f"/static/{self.version}"}

    def static(self, name: str) -> StaticFile | None:
        """A file by its name, such as `textual.js`, `page.css` or `fonts/symbols.woff2`."""
        return self._static.get(name)

    def page(self) -> str:
        """The page with the terminal."""
        return self._filled(self._page)

    def notice(self, notice: Notice) -> str:
        """The page that says why there is none."""
        return self._filled(self._notice, heading=notice.heading, advice=notice.advice)

    def once_more(self, address: str) -> str:
        """A page that leads on to an address from here, so that the browser shows its cookie."""
        return self._filled(_ONCE_MORE, address=address)

    def _filled(self, template: Template, **words: str) -> str:
        return template.substitute({name: html.escape(text) for name, text in (self._look | words).items()})


def _below(at: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    if at.is_file():
        if PurePosixPath(path).suffix in _TYPES:
            yield path, at
    elif at.is_dir():
        for each in at.iterdir():
            yield from _below(each, f"{path}/{each.name}".lstrip("/"))


def _static_file(path: str, data: bytes) -> StaticFile:
    suffix = PurePosixPath(path).suffix
    packed = None if suffix in _PACKED else gzip.compress(data, 6, mtime=0)
    return StaticFile(
        data,
        packed if packed and len(packed) < len(data) else None,
        _TYPES[suffix],
        f'"{sha256(data).hexdigest()[:32]}"',
    )
