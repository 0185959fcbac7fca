"""Runs the embedded chatbot's server: as a child process, or on its own."""

import asyncio
import contextlib
import errno
import json
import os
import secrets
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn

from userdesk.demo.server.app import ChatService
from userdesk.demo.server.conversation_store import ConversationStore
from userdesk.demo.server.pace import Pace

LOOPBACK = "127.0.0.1"
CHATBOT_ID = "demo"
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
_WHY_NOT = {errno.EADDRINUSE: "another program uses it", errno.EACCES: "you are not allowed to use it"}


class QuietServer(uvicorn.Server):
    """A uvicorn server that sleeps until there is a request, and stops at once when told to."""

    def __init__(self, service: ChatService, on_start: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                service,
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                date_header=False,
                server_header=False,
                timeout_keep_alive=30,
            )
        )
        self._on_start = on_start
        self._stopped: Future[None] = Future()

    async def main_loop(self) -> None:
        """Wait for `stop`; uvicorn's own loop would wake ten times a second."""
        self._on_start()
        await asyncio.wrap_future(self._stopped)

    def stop(self) -> None:
        """End the server from any thread; streams that are under way break off."""
        with contextlib.suppress(InvalidStateError):  # it was stopped before
            self._stopped.set_result(None)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop on SIGINT and SIGTERM."""
        super().handle_exit(sig, frame)
        self.stop()

    async def shutdown(self, sockets: Sequence[socket.socket] | None = None) -> None:
        """Close everything without the grace that uvicorn gives to requests under way."""
        for server in self.servers:
            server.close()
        for task in self.server_state.tasks:
            task.cancel()
        for connection in list(self.server_state.connections):
            connection.transport.close()


def run_demo_server(port: int = 0, *, embedded: bool = False) -> int:
    """Serve the embedded chatbot alone until Ctrl+C; the exit status.

    With `embedded` it is the child of the full-screen program: its settings come as one JSON line
    on standard input, and the end of standard input, which even a killed parent causes, ends it.
    """
    settings: dict[str, Any] = {"key": secrets.token_urlsafe(16), "memory_dir": "", "for_visitors": False}
    if embedded and not (settings := json.loads(sys.stdin.buffer.readline() or b"{}")):
        return EXIT_USAGE
    key, folder = settings["key"], settings["memory_dir"]
    try:
        listening = listen(port)
    except OSError as error:
        why = _WHY_NOT.get(error.errno or 0) or error.strerror
        words = f"port {port} on {LOOPBACK} cannot be used: {why}"
        print(f"userdesk demo-server: {words}", file=sys.stderr)
        return EXIT_USAGE
    base_url = f"http://{LOOPBACK}:{listening.getsockname()[1]}"

    def announce() -> None:
        if embedded:
            print(base_url, flush=True)
            return
        print(f"export USERDESK_BASE_URL={base_url}")
        print(f"export USERDESK_CHATBOT_ID={CHATBOT_ID}")
        print(f"export USERDESK_API_KEY={key}", flush=True)

    store = ConversationStore(Path(folder) if folder else None)
    service = ChatService(
        key=key, chatbot_id=CHATBOT_ID, store=store, pace=Pace(), for_visitors=settings["for_visitors"]
    )
    server = QuietServer(service, announce)
    if embedded:
        threading.Thread(target=_stop_with_parent, args=(server,), daemon=True).start()
    try:
        asyncio.run(server.serve([listening]))
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    return 0


def listen(port: int) -> socket.socket:
    """A socket bound to a port of loopback, 0 for any. Raises OSError where it is taken or not allowed."""
    # asyncio sends without delay (TCP_NODELAY) only where the protocol is named.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # elsewhere the option would let two servers share one port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
    except BaseException:
        listening.close()
        raise
    listening.setblocking(False)
    return listening


def _stop_with_parent(server: QuietServer) -> None:
    # Unbuffered: a buffered read would hold a lock that the interpreter's end needs.
    while os.read(0, 1024):
        pass
    server.stop()
