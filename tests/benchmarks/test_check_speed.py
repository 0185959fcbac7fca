"""1,000 questions, 32 at a time, and a server that answers at once: what `userdesk check` costs over httpx.

Compared is the time a question takes whole processes, each less what its process takes for a single question,
so that starting Python counts for neither. Both create each segment's conversation, then stream its answers;
only `userdesk check` tries a pattern on each answer, and reports.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fast_server import FastServer
from results_table import Table
from run_size import rounds

pytestmark = pytest.mark.benchmark

ROUNDS = rounds(3)
JOBS = 32
FLOORS = Path(__file__).parent / "floors"
BARE, OWN = "bare httpx", "userdesk"


def question_set(path: Path, segments: int, length: int) -> Path:
    questions = [
        f'[[question]]\nask = "Question {at}"\nexpect = "(?i)monday"\n'
        + "new_conversation = true\n" * (at == 0)
        for _ in range(segments)
        for at in range(length)
    ]
    path.write_text("\n".join(questions), "utf-8")
    return path


def seconds(command: list[str], environment: dict[str, str]) -> float:
    begun = time.monotonic()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - begun


@pytest.mark.parametrize(("segments", "length"), [(1000, 1), (100, 10)])
def test_questions_a_second(segments: int, length: int, tmp_path: Path, table: Table) -> None:
    measure = f"{segments:,} segments of {length}, {JOBS} at a time, questions a second"
    with FastServer() as server:
        environment = {
            "HOME": str(tmp_path),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "USERDESK_BASE_URL": server.base_url,
            "USERDESK_CHATBOT_ID": "bench",
            "USERDESK_API_KEY": "bench",
            "USERDESK_DATA_DIR": str(tmp_path / "data"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }

        def command(program: str, segments: int, length: int) -> list[str]:
            if program == BARE:
                raw = str(FLOORS / "raw_questions.py")
                return [sys.executable, raw, str(segments), str(length), str(JOBS)]
            questions = question_set(tmp_path / f"{segments}.toml", segments, length)
            return [
                str(Path(sys.executable).parent / "userdesk"),
                "check",
                str(questions),
                "--jobs",
                str(JOBS),
            ]

        for _ in range(ROUNDS):
            for program in (BARE, OWN):
                alone = seconds(command(program, 1, 1), environment)
                all_of_them = seconds(command(program, segments, length), environment)
                table.add(measure, program, segments * length / (all_of_them - alone), "0.65 x bare httpx")
