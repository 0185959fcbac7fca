"""What the benchmarks share: the paced server, the programs side by side, the table printed at the end."""

import gc
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from interpreter_state import Interpreter
from paced_server import PacedServer
from pty_client import Client
from results_table import FLOOR, Table
from run_size import LONG, QUICK_FILES, QUICK_VARIABLE, is_quick

HERE = Path(__file__).parent.resolve()
FLOORS = HERE / "floors"
MEASURED = HERE.parents[1] / "docs/measured.md"
TABLE = Table()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="measure the most telling part, once")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--quick", default=False):
        os.environ[QUICK_VARIABLE] = "1"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if is_quick():
        kept = [item for item in items if item.path.name in QUICK_FILES and item.name not in LONG]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not TABLE:
        return
    lines = TABLE.lines()
    terminalreporter.section(f"{date.today()}, {machine()}")
    for line in lines:
        terminalreporter.write_line(line)
    is_whole = [(config.invocation_params.dir / each).resolve() for each in config.args] == [HERE]
    if is_whole and not config.getoption("-k") and not is_quick():
        told = f"`make bench` of {date.today():%d %B %Y}: {machine()}. Medians, and their spread in brackets."
        head = ["# What the last run of the benchmarks measured", "", told, ""]
        MEASURED.write_text("\n".join([*head, *TABLE.document(), ""]), "utf-8")


def machine() -> str:
    """What it was measured on."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    return (
        f"{os.cpu_count()} cores of {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}, load {load:.1f} at the end"
    )


@pytest.fixture(autouse=True)
def leaves_nothing() -> Iterator[None]:
    """What a benchmark leaves would be measured by those after it: such a one fails itself.

    Garbage in cycles all of them leave: freeing a million objects of an app took 0.9 s of the next one.
    """
    gc.collect()
    before = Interpreter()
    yield
    assert not (left := before.changes()), f"left for the benchmarks after it: {'; '.join(left)}"


@pytest.fixture
def table() -> Table:
    return TABLE


@pytest.fixture
def server() -> Iterator[PacedServer]:
    """One of its own for each test: it still answers what the test before asked for."""
    with PacedServer() as running:
        yield running


Start = Callable[..., Client]


@pytest.fixture
def start(server: PacedServer, tmp_path: Path) -> Start:
    """Starts a program by its name in the table; `data` is a data folder for userdesk.

    It is copied, unless it is used `in_place` because it is large. `answers`: whether the terminal does.
    """

    def begin(name: str, data: Path | None = None, *, in_place: bool = False, answers: bool = True) -> Client:
        home = tmp_path / f"home-{len(list(tmp_path.iterdir()))}"
        if data and not in_place:
            shutil.copytree(data, home / "data")
        folder = data if data and in_place else home / "data"
        environment = {
            **environment_of(server, home),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "USERDESK_DATA_DIR": str(folder),
        }
        home.mkdir(exist_ok=True)
        programs = {
            "bare httpx": [sys.executable, str(FLOORS / "raw_stream.py")],
            FLOOR: [sys.executable, str(FLOORS / "minimal_app.py")],
        }
        argv = programs.get(name, [str(Path(sys.executable).parent / "userdesk")])
        return Client(argv, environment, answers=answers)

    return begin


def environment_of(server: PacedServer, home: Path) -> dict[str, str]:
    """The environment of a program that talks to the server."""
    return {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "USERDESK_BASE_URL": server.base_url,
        "USERDESK_CHATBOT_ID": "bench",
        "USERDESK_API_KEY": "bench",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }


@pytest.fixture
def send_environment(server: PacedServer, tmp_path: Path) -> dict[str, str]:
    """The environment of `userdesk send`, but for its data folder."""
    return environment_of(server, tmp_path)


def write_conversations(data: Path, counts: list[int]) -> Path:
    """A data folder with a conversation for each count of messages, the last one the most recent."""
    (data / "transcripts").mkdir(parents=True)
    index = ["version = 1\n"]
    for number, count in enumerate(counts):
        key = f"{number:016x}"
        index.append(
            f'\n[[conversation]]\nkey = "{key}"\nid = "bench"\nbot = "env"\ntitle = "Conversation {number}"\n'
            "created = 2025-01-01T00:00:00Z\n"
        )
        lines = [
            json.dumps(
                {
                    "role": "assistant" if at % 2 else "user",
                    "text": f"Message {at}: the parcel was sent **today**, says `track {at}`.\n\n- one\n- two"
                    if at % 2
                    else f"Where is parcel {at}?",
                    "at": "2025-01-01T00:00:00Z",
                }
            )
            for at in range(count)
        ]
        path = data / "transcripts" / f"{key}.jsonl"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        os.utime(path, (1_740_000_000 + 60 * number,) * 2)
    (data / "conversations.toml").write_text("".join(index), "utf-8")
    return data


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Data folders by what is in them."""
    root = tmp_path_factory.mktemp("folders")
    return {
        "1,000 conversations": write_conversations(root / "many", [2] * 1000),
        "50 messages": write_conversations(root / "short", [50]),
        "10,000 messages": write_conversations(root / "long", [10_000]),
    }
