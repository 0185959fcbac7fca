"""Files that hold words are made in one place, and only their owner can read them."""

import ast
import os
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import userdesk
from userdesk.domain.message import now
from userdesk.files import private_files
from userdesk.files.atomic import append_line, write_atomically
from userdesk.files.private_files import (
    open_named_to_append,
    open_temporary,
    open_to_append,
    write_named,
    write_named_in_pieces,
    write_numbered,
)
from userdesk.store.problems import reason

PACKAGE = Path(userdesk.__file__).parent
WRITERS = {"mkstemp", "NamedTemporaryFile", "TemporaryFile", "touch", "write_bytes", "write_text"}
WRITING_FLAGS = ("O_CREAT", "O_WRONLY", "O_RDWR")


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def written(descriptor: int) -> None:
    os.write(descriptor, b"words\n")
    os.close(descriptor)


MAKERS: dict[str, Callable[[Path], object]] = {
    "a log": lambda path: written(open_to_append(path)),
    "replaced": lambda path: write_atomically(path, b"words\n"),
    "appended": lambda path: append_line(path, b"words\n"),
    "not durable": lambda path: append_line(path, b"words\n", durable=False),
    "numbered": lambda path: write_numbered(path.parent, path.stem, "md", b"words\n"),
    "named": lambda path: write_named(path, b"words\n"),
    "named, appended": lambda path: written(open_named_to_append(path)),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_new_file_is_its_owners_alone(make: Callable[[Path], object], tmp_path: Path, umask: int) -> None:
    path = tmp_path / "file.md"
    make(path)
    assert mode_of(path) == 0o600 and path.read_bytes() == b"words\n"


@pytest.mark.parametrize("name", ["a log", "appended", "not durable", "numbered", "replaced"])
def test_our_own_names_are_followed_nowhere(name: str, tmp_path: Path) -> None:
    elsewhere, path = tmp_path / "elsewhere", tmp_path / "file.md"
    for target in (elsewhere, tmp_path / "theirs"):
        path.unlink(missing_ok=True)
        (tmp_path / "theirs").write_bytes(b"theirs")
        path.symlink_to(target)
        try:
            MAKERS[name](path)
        except OSError:
            assert name not in ("numbered", "replaced")
        assert not elsewhere.exists() and (tmp_path / "theirs").read_bytes() == b"theirs"


def test_a_temporary_file_is_private(umask: int) -> None:
    descriptor, path = open_temporary(suffix=".md")
    os.close(descriptor)
    assert mode_of(path) == 0o600 and path.suffix == ".md"
    path.unlink()


def test_a_name_that_is_taken_is_numbered(tmp_path: Path) -> None:
    paths = [write_numbered(tmp_path, "talk", "md", b"%d" % number) for number in range(3)]
    assert [path.name for path in paths] == ["talk.md", "talk-2.md", "talk-3.md"]
    assert [path.read_bytes() for path in paths] == [b"0", b"1", b"2"]


def test_what_the_user_named_is_what_is_meant(tmp_path: Path) -> None:
    """A link is followed, and a file that is there keeps the mode that it was given."""
    target, link = tmp_path / "shared.md", tmp_path / "link.md"
    target.write_bytes(b"a longer text of before")
    target.chmod(0o640)
    link.symlink_to(target)
    write_named(link, b"new")
    written(open_named_to_append(link))
    assert link.is_symlink() and target.read_bytes() == b"newwords\n" and mode_of(target) == 0o640
    (tmp_path / "dangling").symlink_to(tmp_path / "made")
    write_named(tmp_path / "dangling", b"x")
    assert mode_of(tmp_path / "made") == 0o600


def test_what_several_write_at_the_same_time_is_whole_at_any_moment(tmp_path: Path) -> None:
    path, texts = (
        tmp_path / "report.json",
        [letter * size for letter, size in ((b"a", 2_000_000), (b"b", 10))],
    )
    write_named(path, texts[0])
    writers = [
        threading.Thread(target=lambda text=text: [write_named(path, text) for _ in range(20)])
        for text in texts
    ]
    for writer in writers:
        writer.start()
    seen = set()
    while any(writer.is_alive() for writer in writers):
        seen.add(path.read_bytes())
    assert seen <= set(texts) and list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_replaced_is_written_in_place(tmp_path: Path) -> None:
    longest = tmp_path / ("n" * 250)
    for text in (b"first", b"2nd"):
        write_named(longest, text)
        assert longest.read_bytes() == text
    with pytest.raises(FileNotFoundError):
        write_named(tmp_path / "missing" / "report.json", b"text")
    assert list(tmp_path.iterdir()) == [longest]


def test_a_pipe_that_the_user_named_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError):  # and does not wait for a reader
        open_named_to_append(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_named(pipe, b"words")
    reader.join()
    assert got == [b"words"]


def test_a_pipe_that_nobody_reads_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_files, "READER_WITHIN", 0.1)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError) as caught:
        write_named(tmp_path / "pipe", b"words")
    assert reason(caught.value) == "it is a pipe with no reader"


def test_a_file_of_the_users_own_keeps_its_mode_when_it_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"old")
    write_atomically(path, b"new", mode=0o644)
    assert mode_of(path) == 0o644 and path.read_bytes() == b"new" and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("ending", ["md", "html", "json", "xml"])
def test_a_report_is_its_owners_alone(ending: str, tmp_path: Path, umask: int) -> None:
    from userdesk.questions.model import QuestionSet
    from userdesk.questions.report import Report
    from userdesk.questions.report_files import write_report

    path = tmp_path / f"report.{ending}"
    questions = QuestionSet("Every customer", ())
    write_report(Report(questions=questions, chatbot="Acme", started=now(), seconds=1.0), path)
    assert mode_of(path) == 0o600 and path.read_text("utf-8")


def makes_a_file(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in WRITERS:
        return True
    text = ast.unparse(call)
    if "devnull" in text or "ttyname" in text:
        return False
    if name == "open" and any(flag in text for flag in WRITING_FLAGS):
        return True
    modes = [each.value for each in [*call.args, *(word.value for word in call.keywords)] if is_text(each)]
    on_descriptor = bool(call.args) and "descriptor" in ast.unparse(call.args[0])
    return name in ("open", "fdopen") and not on_descriptor and any(set("wax") & set(mode) for mode in modes)


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= 3


def test_no_other_place_makes_files() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}: {ast.unparse(node)[:80]}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] != "files"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and makes_a_file(node)
    ]
    assert not found, "\n".join(found)


def breaking_off() -> Iterator[bytes]:
    yield b"half of it"
    raise RuntimeError("the rest could not be made")


def test_a_file_written_in_pieces_is_whole_or_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "talk.md"
    write_named_in_pieces(path, lambda: (b"one ", b"two"))
    assert path.read_bytes() == b"one two" and mode_of(path) == 0o600
    with pytest.raises(RuntimeError):
        write_named_in_pieces(path, breaking_off)
    with pytest.raises(RuntimeError):
        write_numbered(tmp_path, "talk", "md", breaking_off())
    assert path.read_bytes() == b"one two" and list(tmp_path.iterdir()) == [path]
    assert write_numbered(tmp_path, "talk", "md", iter([b"a", b"b"])).read_bytes() == b"ab"


def test_pieces_are_made_again_for_a_file_that_cannot_be_replaced(tmp_path: Path) -> None:
    longest = tmp_path / ("n" * 250)
    write_named_in_pieces(longest, lambda: iter([b"first ", b"second"]))
    assert longest.read_bytes() == b"first second"
