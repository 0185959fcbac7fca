"""`userdesk questions`: sets out of conversations and files, and what is told of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import command_runs
from command_runs import Done
from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role
from userdesk.files.toml_text import parse_toml
from userdesk.store import Store

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)
Run = Callable[..., Done]


@pytest.fixture
def run(login: dict[str, str]) -> Run:
    return lambda *arguments, given="": command_runs.run(login, "questions", *arguments, given=given)


def test_a_conversation_becomes_a_set(run: Run, data_dir: Path, tmp_path: Path) -> None:
    store = Store(data_dir)
    store.open()
    store.add(Conversation(key="one", bot="acme", created=AT, title="Hours", id="id-one"))
    for role, text in ((Role.USER, "When?"), (Role.ASSISTANT, "On Monday.")):
        store.transcript("one").append(Message(role=role, text=text, at=AT))
    done = run("from", "id-one")
    assert (done.returncode, done.stderr) == (0, "")
    questions = [{"ask": "When?", "new_conversation": True}]
    assert parse_toml(done.stdout) == {"title": "Hours", "question": questions}
    assert "# On Monday." in done.stdout
    path = tmp_path / "set.toml"
    assert run("from", "one", "--title", "Mine", "--output", str(path)) == (0, "", "")
    assert parse_toml(path.read_text("utf-8"))["title"] == "Mine"
    assert run("lint", str(path)).returncode == 1  # nothing is expected yet


def test_a_conversation_without_a_question_is_no_set(run: Run, data_dir: Path) -> None:
    store = Store(data_dir)
    store.open()
    store.add(Conversation(key="one", bot="acme", created=AT, title="Hours", id="id-one"))
    assert run("from", "one") == (2, "", "userdesk: nothing was asked in that conversation\n")


def test_what_could_not_be_taken_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text("question,regex,owner\nWhen?,(monday,Ada\nHow?,ok,Bob\n", "utf-8-sig")
    done = run("import", str(path))
    assert done.returncode == 0
    trouble = 'is not a valid regular expression: a ")" is missing, at character 1'
    assert done.stderr.splitlines() == [
        f"userdesk: {path}:1: the column owner was left out",
        f"userdesk: {path}:2: '(monday' {trouble}",
    ]
    first, second = parse_toml(done.stdout)["question"]
    assert first == {"ask": "When?", "new_conversation": True} and second["expect"] == ["ok"]


@pytest.mark.parametrize(("given", "asked"), [('{"ask": "a"}\n"b"', ["a", "b"]), ("a\nb", ["a", "b"])])
def test_standard_input_is_csv_or_json_lines(run: Run, given: str, asked: list[str]) -> None:
    done = run("import", "-", given=given)
    assert [each["ask"] for each in parse_toml(done.stdout)["question"]] == asked


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.txt", "a", "expected a name that ends with .csv, .tsv"),
        ("a.csv", "a,b\n1,2", "a.csv:1: expected a column named ask"),
        ("a.yaml", "tests: []", "a.yaml: there is no question in it"),
        ("a.jsonl", '"a"\n{', "a.jsonl:2: expected a JSON object on each line"),
        ("a.csv", "\xff", "a.csv:1: expected UTF-8"),
    ],
)
def test_what_is_no_source_is_told_in_one_line(
    run: Run, tmp_path: Path, name: str, text: str, words: str
) -> None:
    (tmp_path / name).write_bytes(text.encode("latin-1"))
    done = run("import", str(tmp_path / name))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and words in done.stderr


def test_lint_tells_each_remark_and_mistakes_are_2(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "set.toml"
    path.write_text("[[question]]\nask = 'a'\n", "utf-8")
    done = run("lint", "tour", str(path))
    words = "nothing is expected of the answer: it holds whatever it says"
    assert done == (1, f"{path}:1: {words}\n", "")
    path.write_text("[[question]]\nasks = 'a'\n", "utf-8")
    assert run("lint", str(path)).returncode == 2
    assert run("lint", "newcomer") == (0, "", "")
