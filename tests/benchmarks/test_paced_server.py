"""What the benchmarks measure with: the paced server tells when it sent the answer that is asked about."""

import json
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

from paced_server import PacedServer


def ask(server: PacedServer, message: str) -> None:
    """Ask, and read the answer to its end."""
    connection = HTTPConnection(urlsplit(server.base_url).netloc)
    connection.request("POST", "/chat", json.dumps({"message": message}))
    connection.getresponse().read()
    connection.close()


def test_stamps_are_those_of_the_answer(server: PacedServer) -> None:
    ask(server, "say 5 0 1 nobody-asks")
    begun = time.monotonic()
    ask(server, "say 5 0 1 a")
    assert server.sent("a").first >= begun


def test_stamps_come_in_the_order_of_the_answers(server: PacedServer) -> None:
    ask(server, "say 5 0 1 a")
    ask(server, "say 5 0 1 b")
    begun = time.monotonic()
    ask(server, "say 5 0 1 a")
    assert server.sent("b").last < begun
    assert server.sent("a").last < begun
    assert server.sent("a").first >= begun


def test_answers_sent_together_are_told_at_once(server: PacedServer) -> None:
    names = [f"m{number}" for number in range(30)]
    for name in names:
        ask(server, f"say 5 0 1 {name}")
    begun = time.monotonic()
    assert all(server.sent(name).first < begun for name in reversed(names))
