"""Where the host listens: what is sent to others, and what is said of who can read along."""

import errno
import socket

import pytest

from userdesk.serve.listening import cannot_listen, exposure, site


@pytest.mark.parametrize(
    ("host", "public_url", "expected"),
    [
        ("127.0.0.1", None, "http://127.0.0.1:8080"),
        ("localhost", None, "http://localhost:8080"),
        ("::1", None, "http://[::1]:8080"),
        ("127.0.0.1", "https://chat.example.com", "https://chat.example.com"),
        ("0.0.0.0", "https://chat.example.com", "https://chat.example.com"),
    ],
)
def test_address_is_that_which_browsers_come_by(host: str, public_url: str | None, expected: str) -> None:
    assert site(host, 8080, public_url) == expected


@pytest.mark.parametrize("host", ["0.0.0.0", ""])
def test_all_addresses_are_told_as_one_that_others_can_use(host: str) -> None:
    name = site(host, 8080, None).removeprefix("http://").removesuffix(":8080")
    assert name and name not in ("0.0.0.0", "")


def test_without_a_network_it_is_the_machines_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(self: socket.socket, address: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    class Alone(socket.socket):
        connect = unreachable

    monkeypatch.setattr(socket, "socket", Alone)
    assert site("::", 80, None) == f"http://{socket.gethostname()}:80"


@pytest.mark.parametrize(
    ("host", "public_url", "is_told"),
    [
        ("127.0.0.1", None, False),
        ("127.8.8.8", None, False),
        ("::1", None, False),
        ("localhost", None, False),
        ("0.0.0.0", None, True),
        ("192.168.1.7", None, True),
        ("myhost", None, True),
        ("127.0.0.1", "https://chat.example.com", False),
        ("0.0.0.0", "https://chat.example.com", False),
        ("127.0.0.1", "http://chat.example.com", True),
    ],
)
def test_plain_http_for_others_is_told(host: str, public_url: str | None, is_told: bool) -> None:
    assert bool(exposure(host, public_url)) is is_told


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EADDRINUSE, "in use"), "port 80 on ::1 cannot be used: another program uses it"),
        (OSError(errno.EACCES, "denied"), "port 80 on ::1 cannot be used: you are not allowed to use it"),
        (OSError(errno.EIO, "broken"), "port 80 on ::1 cannot be used: broken"),
        (OSError("whatever"), "port 80 on ::1 cannot be used: unknown"),
        (socket.gaierror(-2, "unknown"), "--host ::1: there is no such address"),
    ],
)
def test_an_address_that_cannot_be_used_is_one_line(error: OSError, words: str) -> None:
    assert str(cannot_listen("::1", 80, error)) == words
