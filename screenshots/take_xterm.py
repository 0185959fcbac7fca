"""Takes a picture of a real terminal emulator: the glyphs and colours hold where nothing is drawn for them.

It needs xterm, Xvfb and ImageMagick; where one of them is missing the picture stays as it is.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

# The stage of the snapshot tests.
TESTS = Path(__file__).resolve().parents[1] / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "screens" / "snapshots")]

from shelf import LAST, SHELF, put_on_disk

from demo_server import DemoServer

PICTURE = Path(__file__).resolve().parent / "xterm.png"
TOOLS = ("Xvfb", "xterm", "import")
XTERM = (
    "-geometry",
    "120x36+0+0",
    "-fa",
    "DejaVu Sans Mono",
    "-fs",
    "11",
    "-bw",
    "0",
    "-b",
    "8",
    "-bg",
    "#121316",
)
COLOURS = ("env", "TERM=xterm-256color", "COLORTERM=truecolor")  # which xterm does not say by itself
WITHIN = 30.0  # s
SMALLEST = 20_000  # bytes of a picture with text on it


@contextmanager
def display() -> Iterator[str]:
    """An X server without a screen; its name."""
    command = ["Xvfb", "-displayfd", "1", "-noreset", "-screen", "0", "1600x1000x24"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()


@contextmanager
def terminal(environment: dict[str, str], *arguments: str) -> Iterator[None]:
    """The program in xterm."""
    command = ["xterm", *XTERM, "-e", *COLOURS, sys.executable, "-m", "userdesk", *arguments]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as running:
        try:
            yield
        finally:
            running.terminate()


def photographed(environment: dict[str, str]) -> bytes:
    """The picture, once it stands still. Raises TimeoutError."""
    command = [
        "import",
        "-window",
        "root",
        "-trim",
        "+repage",
        "+dither",
        "-colors",
        "96",
        "-strip",
        "PNG8:-",
    ]
    before, end = b"", time.monotonic() + WITHIN
    while time.monotonic() < end:
        picture = subprocess.run(command, env=environment, capture_output=True, check=False).stdout
        if picture == before and len(picture) > SMALLEST:
            return picture
        before = picture
        time.sleep(0.5)
    raise TimeoutError("the program did not show itself")


def main() -> None:
    """Take it."""
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        print(f"screenshots/{PICTURE.name} stays as it is: it takes {', '.join(missing)}")
        return
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        server = stack.enter_context(DemoServer())
        data = Path(home) / "data"
        put_on_disk(data, server.store.create, SHELF)
        saved = tomllib.loads((data / "conversations.toml").read_text("utf-8"))["conversation"]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "DISPLAY": stack.enter_context(display()),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "USERDESK_DATA_DIR": str(data),
            "USERDESK_CHATBOT_NAME": "Acme support",
            "USERDESK_CHATBOT_ID": server.chatbot_id,
            "USERDESK_API_KEY": server.key,
            "USERDESK_BASE_URL": server.base_url,
        }
        shown = next(each["id"] for each in saved if each["key"] == LAST.key)
        stack.enter_context(terminal(environment, "--conversation", shown))
        PICTURE.write_bytes(photographed(environment))
    print(f"screenshots/{PICTURE.name}, {PICTURE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
