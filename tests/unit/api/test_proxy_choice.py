"""Which proxy applies to a service: only its variable counts, in every form in which it is written."""

import pytest

from userdesk.api.address import address_of
from userdesk.api.proxies import proxy_for
from userdesk.domain.failure import FailureKind, UserdeskError

FAR = "https://svc.example.test"


def chosen(environ: dict[str, str], base_url: str = FAR) -> str | None:
    """The proxy's address; None where the service is reached without one."""
    choice = proxy_for(address_of(base_url), environ)
    return str(choice.proxy.url) if choice.proxy else None


@pytest.mark.parametrize(
    ("environ", "base_url", "proxy"),
    [
        ({}, FAR, None),
        ({"HTTPS_PROXY": "http://p:1"}, FAR, "http://p:1"),
        ({"https_proxy": "http://p:1", "HTTPS_PROXY": "http://q:1"}, FAR, "http://p:1"),
        ({"https_proxy": "", "HTTPS_PROXY": "http://q:1"}, FAR, None),
        ({"HTTPS_PROXY": ""}, FAR, None),
        ({"HTTPS_PROXY": "  "}, FAR, None),
        ({"HTTPS_PROXY": " http://p:1\n"}, FAR, "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, FAR, None),
        ({"HTTPS_PROXY": "http://p:1"}, "http://svc.example.test", None),
        ({"http_proxy": "http://p:1"}, "http://svc.example.test", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "http://svc.example.test", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1", "REQUEST_METHOD": "POST"}, "http://svc.example.test", None),
        ({"http_proxy": "http://p:1", "REQUEST_METHOD": "POST"}, "http://svc.example.test", "http://p:1"),
        ({"ALL_PROXY": "http://p:1"}, FAR, "http://p:1"),
        ({"all_proxy": "http://p:1", "HTTPS_PROXY": "http://q:1"}, FAR, "http://q:1"),
        ({"HTTPS_PROXY": "127.0.0.1:3128"}, FAR, "http://127.0.0.1:3128"),
        ({"HTTPS_PROXY": "proxy"}, FAR, "http://proxy"),
        ({"HTTPS_PROXY": "HTTP://Proxy:1/"}, FAR, "http://proxy:1/"),
        ({"HTTPS_PROXY": "https://p:1"}, FAR, "https://p:1"),
        ({"HTTPS_PROXY": "http://[::1]:3128"}, FAR, "http://[::1]:3128"),
        ({"ALL_PROXY": "socks5://p:1"}, FAR, "socks5://p:1"),
        ({"ALL_PROXY": "socks5h://p:1"}, FAR, "socks5h://p:1"),
        ({"ALL_PROXY": "socks://127.0.0.1:1080/"}, FAR, "socks5://127.0.0.1:1080/"),
        # what does not apply may be as wrong as it likes
        ({"ALL_PROXY": "socks4://x:1", "HTTPS_PROXY": "http://p:1"}, FAR, "http://p:1"),
        ({"HTTP_PROXY": "socks://:1", "ALL_PROXY": ""}, FAR, None),
        ({"ALL_PROXY": "ftp://x", "NO_PROXY": "svc.example.test"}, FAR, None),
        ({"NO_PROXY": "localhost,127.0.0.1,::1,[::1],fe80::/10,::1/128,127.0.0.1:x"}, FAR, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "[::1],[,],:,::1/999,a:b:c,/8,*y*:"}, FAR, "http://p:1"),
        ({"HTTPS_PROXY": "ftp://x"}, "https://127.0.0.1:1", None),
        ({"HTTPS_PROXY": "ftp://x"}, "https://localhost:1", None),
        ({"HTTPS_PROXY": "ftp://x"}, "https://[::1]:1", None),
    ],
)
def test_variable_that_applies(environ: dict[str, str], base_url: str, proxy: str | None) -> None:
    assert chosen(environ, base_url) == proxy


@pytest.mark.parametrize(
    ("no_proxy", "base_url", "is_excepted"),
    [
        ("*", FAR, True),
        ("other, *", FAR, True),
        ("svc.example.test", FAR, True),
        ("SVC.Example.TEST", FAR, True),
        ("example.test", FAR, True),
        (".example.test", FAR, True),
        (".svc.example.test", FAR, True),
        ("*.example.test", FAR, True),
        ("*.example.test", "https://a.b.example.test", True),
        ("*.example.test", "https://example.test", False),
        ("*.test", FAR, True),
        ("svc.*", FAR, True),
        ("example.test.", FAR, True),
        ("svc.example.test", "https://svc.example.test.", True),
        ("a.test,svc.example.test", FAR, True),
        ("a.test svc.example.test", FAR, True),
        (" a.test , svc.example.test ", FAR, True),
        ("svc.example.test:443", FAR, True),
        ("svc.example.test:8443", FAR, False),
        ("svc.example.test:8443", "https://svc.example.test:8443", True),
        ("*.example.test:443", FAR, True),
        ("ample.test", FAR, False),
        ("vc.example.test", FAR, False),
        ("svc.example", FAR, False),
        ("", FAR, False),
        (",,", FAR, False),
        (".", FAR, False),
        ("10.0.0.0/8", "https://10.1.2.3", True),
        ("10.1.2.3", "https://10.1.2.3", True),
        ("10.1.2.3:443", "https://10.1.2.3", True),
        ("10.1.2.3:80", "https://10.1.2.3", False),
        ("10.1.2.0/255.255.255.0", "https://10.1.2.3", True),
        ("10.1.2.9/24", "https://10.1.2.3", True),
        ("10.*", "https://10.1.2.3", True),
        ("10.1.2", "https://10.1.2.3", False),
        ("1.2.3", "https://10.1.2.3", False),
        ("11.0.0.0/8", "https://10.1.2.3", False),
        ("10.0.0.0/33", "https://10.1.2.3", False),
        ("fd00::/8", "https://[fd00::5]", True),
        ("[fd00::]/8", "https://[fd00::5]", True),
        ("[fd00::/8]", "https://[fd00::5]", True),
        ("fd00::5", "https://[fd00::5]", True),
        ("FD00:0:0::5", "https://[fd00::5]", True),
        ("[fd00::5]", "https://[fd00::5]", True),
        ("[fd00::5]:443", "https://[fd00::5]", True),
        ("[fd00::5]:80", "https://[fd00::5]", False),
        ("fe80::/10", "https://[fd00::5]", False),
        ("fd00::/8", FAR, False),
        ("bücher.test", "https://xn--bcher-kva.test", True),
        ("xn--bcher-kva.test", "https://bücher.test", True),
    ],
)
def test_what_no_proxy_excepts(no_proxy: str, base_url: str, is_excepted: bool) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        environ = {"HTTPS_PROXY": "http://p:1", name: no_proxy}
        assert (chosen(environ, base_url) is None) == is_excepted


def test_lower_case_no_proxy_goes_first() -> None:
    environ = {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*", "no_proxy": ""}
    assert chosen(environ) == "http://p:1"


@pytest.mark.parametrize(
    ("value", "login"),
    [
        ("http://user:hunter2@p:1", (b"user", b"hunter2")),
        ("user:hunter2@p:1", (b"user", b"hunter2")),
        ("http://user:hun%40ter2@p:1", (b"user", b"hun@ter2")),
        ("http://user:hun@ter/2#@p:1", (b"user", b"hun@ter/2#")),
        ("socks5://user:hunter2@p:1", (b"user", b"hunter2")),
    ],
)
def test_login_at_the_proxy(value: str, login: tuple[bytes, bytes]) -> None:
    choice = proxy_for(address_of(FAR), {"HTTPS_PROXY": value})
    assert choice.proxy is not None
    assert choice.proxy.raw_auth == login
    assert "hun" not in choice.description


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("ftp://user:hunter2@p", "expected an address such as http://proxy.example.com:3128"),
        ("socks4://p:1", "SOCKS 4 is not supported; use socks5://"),
        ("socks4a://p:1", "SOCKS 4 is not supported; use socks5://"),
        ("http://", "its address is not valid"),
        ("http://user:hunter2@", "its address is not valid"),
        ("http://[::1", "its address is not valid"),
        ("http://p:0", "its address is not valid"),
        ("http://p:99999", "its address is not valid"),
        ("http://p:port", "its address is not valid"),
        ("http://p q", "its address is not valid"),
    ],
)
@pytest.mark.parametrize("name", ["https_proxy", "HTTPS_PROXY", "ALL_PROXY"])
def test_unusable_value_names_its_variable(value: str, why: str, name: str) -> None:
    with pytest.raises(UserdeskError) as caught:
        chosen({name: value})
    failure = caught.value.failure
    assert failure.kind is FailureKind.PROXY
    assert failure.message == (f"Cannot use the proxy from {name} to reach svc.example.test: {why}")
    assert "hunter2" not in failure.message + failure.detail
