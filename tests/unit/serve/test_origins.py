"""Which Host and Origin are ours."""

import socket

import pytest

from userdesk.serve.origins import Origins

ATTACKS = [
    "",
    "evil.example",
    "evil.example:8000",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "localhost@evil.example",
    "localhost:8000@evil.example",
    "127.0.0.1:8000, evil.example",
    "127.0.0.1/",
    "127.0.0.1:99999999",
    " localhost",
    "localhost\n",
    "localhost;script-src *",
    "[::1",
    "localhos\u0442",
    "localhost.local",
    "127.0.0.1.local",
    "0.0.0.0.local",
]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "LOCALHOST:1", "[::1]:8000"])
def test_loopback_is_ours_through_any_forwarded_port(host: str) -> None:
    assert Origins("127.0.0.1").is_ours(host)
    assert Origins("127.0.0.1").may_speak(f"http://{host}", host)


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Laptop")


@pytest.mark.parametrize("host", ATTACKS)
@pytest.mark.parametrize("bound", ["127.0.0.1", "0.0.0.0", "::"])
def test_names_that_others_can_point_here_are_not(bound: str, host: str) -> None:
    assert not Origins(bound).is_ours(host)
    assert not Origins(bound).may_speak(f"http://{host}", host)


def test_address_that_is_listened_on_is_ours_and_no_other_one() -> None:
    assert Origins("192.168.1.7").is_ours("192.168.1.7:8000")
    assert not Origins("192.168.1.7").is_ours("192.168.1.8:8000")
    assert Origins("fd00::7").is_ours("[fd00::7]:8000")


def test_listening_on_all_addresses_any_of_them_is_ours_and_this_machines_name() -> None:
    origins = Origins("0.0.0.0")
    for host in (
        "10.1.2.3:8000",
        "[fe80::1]",
        "laptop:8000",
        "Laptop.local",
    ):
        assert origins.is_ours(host), host
    assert not origins.is_ours("10.1.2.3.evil.example")


def test_machine_without_a_name_of_its_own_has_none_on_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "localhost")
    assert not Origins("0.0.0.0").is_ours("localhost.local")


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://127.0.0.1:8000",
        "http://127.0.0.1:8001",
        "http://127.0.0.1:8000/",
        "http://127.0.0.1:8000.evil.example",
        "http://localhost:8000",
        "HTTP://127.0.0.1:8000\n",
        "null",
        "",
        "file://",
        "http://[",
    ],
)
def test_only_pages_of_the_same_origin_may_speak(origin: str) -> None:
    assert Origins("127.0.0.1").may_speak("http://127.0.0.1:8000", "127.0.0.1:8000")
    assert not Origins("127.0.0.1").may_speak(origin, "127.0.0.1:8000")


def test_public_url_is_the_only_one() -> None:
    origins = Origins("127.0.0.1", "https://Chat.example.com/")
    assert origins.is_secure
    assert origins.is_ours("chat.example.com")
    assert origins.is_ours("chat.example.com:443")
    assert origins.may_speak("https://chat.example.com", "chat.example.com")
    for host in ("127.0.0.1:8000", "localhost", "chat.example.com:8443", "x.chat.example.com"):
        assert not origins.is_ours(host)
    assert not origins.may_speak("http://chat.example.com", "chat.example.com")
    assert not origins.may_speak("https://evil.example", "chat.example.com")
    assert not Origins("127.0.0.1").is_secure
