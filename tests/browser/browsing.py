"""A visitor's browser tab: what its terminal shows, its keys, what it asks for and complains of.

    tab = visitor.open(serving.invitation())
    tab.sees("Message")
    tab.type("Hello\\n")

Nothing sleeps: `sees` and `until` wait in the page until a condition holds.
"""

import base64
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Request

LIMIT = 40_000.0  # ms; only a wrong page reaches it

# The bundle keeps its terminal to itself. It is caught where it is made, as the page itself does.
CATCHES_TERMINAL = """
Object.defineProperty(Object.prototype, "weblinksAddon", {
  configurable: true,
  set(value) {
    delete Object.prototype.weblinksAddon;
    this.weblinksAddon = value;
    window.bundle = this;
  },
});
window.shownRows = () => {
  if (!window.bundle) return [];
  const { buffer, rows, cols } = window.bundle.terminal;
  return Array.from({ length: rows },
                    (_, row) => buffer.active.getLine(row)?.translateToString(true, 0, cols) ?? "");
};
"""


class Place(NamedTuple):
    """A cell of the terminal, as CSS pixels of the page, in its middle."""

    x: float
    y: float


class Tab:
    """One tab with the page."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(LIMIT)
        self.page.add_init_script(CATCHES_TERMINAL)
        self.complaints: list[str] = []
        """What the console says of errors, such as violations of the page's policy."""
        self.asked: list[str] = []
        """The address of every request and websocket."""
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda each: each.type == "error" and self.complaints.append(each.text))
        self.page.on("request", self._asks)
        self.page.on("websocket", lambda each: self.asked.append(each.url))

    def _asks(self, request: Request) -> None:
        if not request.url.startswith("data:"):
            self.asked.append(request.url)

    def open(self, address: str) -> int:
        """Load an address; the status of the answer."""
        answer = self.page.goto(address)
        assert answer is not None
        return answer.status

    # what it shows

    @property
    def rows(self) -> list[str]:
        """The terminal's rows."""
        return list(self.page.evaluate("window.shownRows()"))

    @property
    def size(self) -> tuple[int, int]:
        """The terminal's columns and rows."""
        columns, rows = self.page.evaluate("[window.bundle.terminal.cols, window.bundle.terminal.rows]")
        return columns, rows

    def until(self, condition: str, argument: object = None) -> None:
        """Wait for a condition, a function of JavaScript that does not wait itself."""
        self.page.wait_for_function(condition, arg=argument)

    def sees(self, text: str, *, times: int = 1) -> None:
        """Wait for a text in a row of the terminal, once or more."""
        try:
            self.until(
                "([text, times]) => window.shownRows().join('\\n').split(text).length > times", [text, times]
            )
        except Exception as error:
            raise AssertionError(f"no {text!r} in\n" + "\n".join(self.rows)) from error

    def sees_no(self, text: str) -> None:
        """Wait until a text is not there any more."""
        self.until(
            "(text) => window.shownRows().length && !window.shownRows().join('\\n').includes(text)", text
        )

    def place_of(self, text: str) -> Place:
        """Wait for a text; where it begins."""
        self.sees(text)
        row, column = next((at, each.index(text)) for at, each in enumerate(self.rows) if text in each)
        return self.place(column, row)

    def place(self, column: int, row: int) -> Place:
        """Where a cell is."""
        box = self.page.locator(".xterm-screen").bounding_box()
        assert box is not None
        columns, rows = self.size
        width, height = box["width"] / columns, box["height"] / rows
        return Place(box["x"] + (column + 0.5) * width, box["y"] + (row + 0.5) * height)

    @property
    def notice(self) -> str:
        """Wait for words that stand in place of the terminal or before it; they."""
        return self.page.locator(".notice:visible").first.inner_text()

    # what is done to it

    def type(self, text: str) -> None:
        """Type a text; a line's end is Enter."""
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        """Press a key, such as `Control+s`."""
        self.page.keyboard.press(key)

    def send(self, message: str) -> None:
        """Send a message, once the chatbot may be written to."""
        self.type(f"{message}\n")

    def click(self, text: str) -> None:
        """Click on a text of the terminal."""
        self.page.mouse.click(*self.place_of(text))

    def clipboard(self) -> str:
        """What the browser has in its clipboard."""
        return str(self.page.evaluate("navigator.clipboard.readText()"))

    def hosts_asked(self) -> set[str]:
        """The hosts that anything was asked of."""
        return {urlsplit(address).netloc for address in self.asked}


@contextmanager
def told_by_host(tab: Tab) -> Iterator[None]:
    """Complaints of the network that are made meanwhile are expected."""
    before = len(tab.complaints)
    yield
    kept = [
        each for each in tab.complaints[before:] if "Failed to load" not in each and "WebSocket" not in each
    ]
    tab.complaints[before:] = kept


# The page's own policy lets it read no picture of itself: an empty page does.
_COUNTS_COLOURS = """async (picture) => {
  const image = new Image();
  image.src = picture;
  await image.decode();
  const drawing = new OffscreenCanvas(image.width, image.height).getContext("2d");
  drawing.drawImage(image, 0, 0);
  const { data } = drawing.getImageData(0, 0, image.width, image.height);
  const found = new Set();
  for (let at = 0; at < data.length; at += 4)
    found.add("#" + [...data.slice(at, at + 3)].map((it) => it.toString(16).padStart(2, "0")).join(""));
  return [...found];
}"""


def colours(page: Page, left: float, top: float, width: float, height: float) -> set[str]:
    """The colours in a part of what the page looks like."""
    picture = page.screenshot(clip={"x": left, "y": top, "width": width, "height": height})
    empty = page.context.new_page()
    found = empty.evaluate(_COUNTS_COLOURS, f"data:image/png;base64,{base64.b64encode(picture).decode()}")
    empty.close()
    return set(found)


def waits_until(condition: Callable[[], object], within: float = 20.0) -> None:
    """Wait for something that no browser tells of."""
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
