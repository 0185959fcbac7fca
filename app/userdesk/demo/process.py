"""The embedded chatbot as a child process, so that its work never delays the screen."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

ENDS_WITHIN = 2.0
"""Seconds that the child has to end by itself."""


class DemoProcess:
    """A server of our own on loopback, with a key that nobody else knows.

    It ends when this process does, even by a kill: its standard input is our pipe, and the
    pipe's end is its end. The key goes through that pipe, too: arguments can be read by others.
    """

    def __init__(self, memory_dir: Path | None = None, *, for_visitors: bool = False) -> None:
        """`for_visitors`: it tells visitors of `userdesk serve` what they have, and names no other key."""
        self.api_key = os.urandom(24).hex()
        self.base_url: str | None = None
        self._memory_dir = memory_dir
        self._for_visitors = for_visitors
        self.child: subprocess.Popen[bytes] | None = None
        """The process, once it was started."""

    @property
    def running(self) -> bool:
        """Whether the child is there."""
        return self.child is not None and self.child.poll() is None

    def launch(self) -> None:
        """Begin to start the child without waiting for it. Raises OSError."""
        if self.running:
            return
        self._discard()
        folder = str(self._memory_dir) if self._memory_dir else None
        settings = {"key": self.api_key, "memory_dir": folder, "for_visitors": self._for_visitors}
        try:
            self.child = subprocess.Popen(
                # -P: modules lying about in the current folder must not get into the child.
                [sys.executable, "-P", "-m", "userdesk.demo"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                bufsize=0,
                # Ctrl+C and hang-ups of the terminal are for the screen; the pipe ends the child.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
            assert self.child.stdin is not None
            with contextlib.suppress(BrokenPipeError):  # it has ended already: `start` tells how
                self.child.stdin.write(json.dumps(settings).encode() + b"\n")
        except OSError:
            self.close()
            raise

    async def start(self) -> str:
        """The base URL, once the child listens. Raises OSError."""
        if self.running and self.base_url:
            return self.base_url
        self.launch()
        child = self.child
        assert child is not None and child.stdout is not None
        line = await asyncio.to_thread(child.stdout.readline)
        if not line.startswith(b"http://"):
            status = await asyncio.to_thread(child.wait)
            self._discard()
            raise OSError(f"it ended with status {status}")
        self.base_url = line.decode("ascii").strip()
        return self.base_url

    async def stop(self) -> None:
        """End the child; returns when it is gone."""
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """`stop` for where there is no event loop."""
        child = self.child
        if child is None:
            return
        if child.stdin:
            with contextlib.suppress(OSError):
                child.stdin.close()
        for insist in (child.terminate, child.kill):
            try:
                child.wait(ENDS_WITHIN)
                break
            except subprocess.TimeoutExpired:
                insist()
        self._discard()

    def _discard(self) -> None:
        child, self.child, self.base_url = self.child, None, None
        if child:  # it has ended
            with contextlib.suppress(OSError), child:
                pass


def _environment() -> dict[str, str]:
    """Ours, and a way to this package where it runs from a checkout that is not installed."""
    environment = dict(os.environ)
    root = Path(__file__).resolve().parents[2]
    if root.name not in ("site-packages", "dist-packages"):
        known = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = f"{known}{os.pathsep}{root}" if known else str(root)
    return environment
