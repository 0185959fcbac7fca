"""Files that a user named: whatever they are, reading ends, and the words say what was expected."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from userdesk.files.toml_text import parse_toml
from userdesk.files.user_files import MissingFile, UnreadableFile, decode_text, read_user_file


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


def make_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3_000_000_000)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (os.mkfifo, "could not be read: it is a pipe, not a file"),
        (make_socket, "could not be read: No such device or address"),
        (Path.mkdir, "could not be read: it is a folder, not a file"),
        (lambda path: path.symlink_to("/dev/zero"), "could not be read: it is a device, not a file"),
        (lambda path: path.symlink_to("nowhere"), "is a link to a file that does not exist"),
        (lambda path: path.symlink_to(path), "could not be read: Too many levels of symbolic links"),
        (make_large, "is larger than 1 MB"),
    ],
)
def test_what_is_no_file_to_be_read_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], words: str
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    make(Path("named"))
    with pytest.raises(UnreadableFile) as caught:
        read_user_file(Path("named"), largest=1_000_000)
    assert str(caught.value) == words
    assert not isinstance(caught.value, MissingFile)


def test_what_grows_while_it_is_read_has_an_end() -> None:
    # Files under /proc say that they are empty.
    assert read_user_file(Path("/proc/self/status"), largest=100_000).data
    with pytest.raises(UnreadableFile, match="larger than 0 kB"):
        read_user_file(Path("/proc/self/status"), largest=10)


@pytest.mark.parametrize("name", ["none", "a\0b"])
def test_a_name_without_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_user_file(tmp_path / name, largest=10)
    assert isinstance(caught.value, MissingFile) == (name == "none")


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"a\nb\xff", 2, "expected UTF-8 text"),
        ("name".encode("utf-16"), 1, "expected UTF-8 text, found UTF-16: save it as UTF-8"),
        ("é\n".encode("latin-1"), 1, "expected UTF-8 text"),
    ],
)
def test_other_encodings_are_told_by_line(data: bytes, line: int, words: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        decode_text(data)
    assert (caught.value.line, str(caught.value)) == (line, words)


def test_a_byte_order_mark_is_no_text() -> None:
    assert decode_text(b"\xef\xbb\xbfa") == "a"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (f"a = 1\nb = {'9' * 5000}", 2, "a number with fewer digits"),
        (f"a = 1\n[b]\nc = [{{d = 0x{'f' * 5000}}}]", 3, "a number with fewer digits"),
        (f"a = [1,\n  -{'1_' * 5000}1]", 2, "a number with fewer digits"),
        (f"\na = {'[' * 5000}", 2, "less deeply nested"),
        (f"\n\na = {'{a=' * 5000}", 3, "less deeply nested"),
        ("a = " + "[\n" * 5000, 1, "less deeply nested"),
        (f"\n{'a.' * 1_000_000}a = 1", 2, "a name with fewer dots"),
        (f"[{'a . ' * 500_000}a]", 1, "a name with fewer dots"),
        (f"{'a' * 2_000_000}", 1, 'a name, "=" and a value'),
        ("a = 2026-02-31", 1, "a date that exists"),
        ("a = 25:00:00", 1, "one value per line"),
        ("a = 1\na = 2", 2, "each name once"),
        ("[a]\n[a]", 2, "each table once"),
        ('a = "b\0"', 1, "text without control characters"),
        ("a\0 = 1", 1, 'a name, "=" and a value'),
        ("\0", 1, "a line such as"),
        ('a = "x', 1, "quotes that end the text"),
        ("a = '''x", 1, "quotes that end the text"),
        ('a = "C:\\Users"', 1, "hexadecimal digits"),
        ('a = "C:\\Windows"', 1, "a backslash as"),
        ("a = [1", 1, 'a "]" that ends the list'),
        ("[a", 1, '"]" at the end'),
        ("[[a]", 1, '"]" at the end'),
        ("a: 1", 1, 'a name, "=" and a value'),
        ("a = yes", 1, "a value: text in quotes"),
        ("a = ", 1, "a value: text in quotes"),
        ("= 1", 1, "a line such as"),
        ("a = 1\rb = 2", 1, "one value per line"),
    ],
)
def test_toml_that_is_none_is_told_by_line_in_our_own_words(text: str, line: int, words: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        parse_toml(text)
    assert caught.value.line == line
    assert str(caught.value).startswith(f"expected TOML: {words}")


def test_a_line_is_named_whatever_stands_in_its_words() -> None:
    assert str(UnreadableFile("is odd", 3).located(Path("f"))) == "f:3: is odd"
    assert str(UnreadableFile("is odd").located(Path("f"))) == "f: is odd"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\r\n",
        "# a comment",
        "a = 1e999",
        "a = -inf\r\nb = nan",
        "a = 0xffffffffffffffff",
        f"a = '0x{'f' * 9000}'",
    ],
)
def test_what_is_toml_is_read(text: str) -> None:
    parse_toml(text)


def test_a_name_of_two_million_letters_is_one() -> None:
    assert list(parse_toml(f"{'a' * 2_000_000} = 1").values()) == [1]
