"""Asks the user's own programs whether answers mean what they should.

A judge gets one JSON object on standard input, `ask`, `meaning` and `answer`, and prints one on standard
output: `held`, and if it likes a `score` and a `reason`. What goes wrong with it is never a verdict.
"""

import asyncio
import json
import math
import os
import shutil
import signal
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from userdesk.domain.safe_text import clean_line
from userdesk.questions.model import Judge, Question, QuestionsError, QuestionSet
from userdesk.questions.outcome import Check

JUDGE_SECONDS = 60.0
"""Seconds that a judge may take for one answer."""
LARGEST_VERDICT = 64_000
"""Bytes that it may print."""
_IN_A_ROW = 3  # failures one after the other from which on a judge counts as broken


class _JudgeError(Exception):
    """A judge gave no verdict; the text says why."""


class Judging:
    """The judges of a run; each is asked once about the same answer to the same question."""

    def __init__(
        self, *, jobs: int = 1, hidden: Collection[str] = (), seconds: float = JUDGE_SECONDS
    ) -> None:
        """Ask `jobs` at the same time; `hidden` are environment variables that they do not get."""
        self._seconds = seconds
        self._places = asyncio.Semaphore(jobs)
        self._environment = {name: value for name, value in os.environ.items() if name not in hidden}
        self._verdicts: dict[tuple[Judge, str, str, str], asyncio.Task[Check]] = {}
        self._failures: dict[Judge, int] = {}

    async def check(self, question: Question, answer: str) -> Check | None:
        """Whether an answer means what the question wants; None where it wants nothing."""
        if (judge := question.judge) is None:
            return None
        asked = (judge, question.ask, question.meaning, answer)
        if (task := self._verdicts.get(asked)) is None:
            task = self._verdicts[asked] = asyncio.create_task(self._checked(*asked))
        check = await asyncio.shield(task)  # others may wait for it too
        if check.trouble:  # no verdict: the next one who wants it asks again
            self._verdicts.pop(asked, None)
        return check

    async def aclose(self) -> None:
        """End every judge that still runs."""
        tasks = list(self._verdicts.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _checked(self, judge: Judge, ask: str, meaning: str, answer: str) -> Check:
        request = json.dumps({"ask": ask, "meaning": meaning, "answer": answer}).encode()
        try:
            async with self._places:
                if self._failures.get(judge, 0) >= _IN_A_ROW:
                    raise _JudgeError(f"not asked any more: it failed {_IN_A_ROW} times in a row")
                try:
                    verdict = _verdict(await self._asked(judge, request))
                except _JudgeError:
                    self._failures[judge] = self._failures.get(judge, 0) + 1
                    raise
        except _JudgeError as error:
            return Check("meaning", meaning, False, trouble=clean_line(f"{judge.where}: judge: {error}", 300))
        self._failures[judge] = 0
        held, score, reason = verdict
        return Check("meaning", meaning, held, clean_line(reason, 300), score=score)

    async def _asked(self, judge: Judge, request: bytes) -> bytes:
        """What it prints. Raises _JudgeError."""
        try:
            process = await asyncio.create_subprocess_exec(
                *judge.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=judge.folder,
                env=self._environment,
                start_new_session=True,  # Ctrl+C is for us; what it starts ends with it
            )
        except (OSError, ValueError) as error:
            raise _JudgeError(f"could not be started: {getattr(error, 'strerror', None) or error}") from None
        try:
            async with asyncio.timeout(self._seconds):
                _, printed = await asyncio.gather(_give(process, request), _printed(process))
                status = await process.wait()
        except TimeoutError:
            raise _JudgeError(f"took more than {self._seconds:g} s") from None
        finally:
            with suppress(OSError):  # it has ended, and so has what it started
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        if status:
            raise _JudgeError(f"crashed ({_named(status)})" if status < 0 else f"ended with status {status}")
        return printed


async def _give(process: asyncio.subprocess.Process, request: bytes) -> None:
    assert process.stdin
    with suppress(OSError):  # it does not want to know
        process.stdin.write(request + b"\n")
        await process.stdin.drain()
    process.stdin.close()


async def _printed(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout
    printed = bytearray()
    while piece := await process.stdout.read(LARGEST_VERDICT):
        printed += piece
        if len(printed) > LARGEST_VERDICT:
            raise _JudgeError(f"printed more than {LARGEST_VERDICT // 1000} kB")
    return bytes(printed)


def _verdict(printed: bytes) -> tuple[bool, float | None, str]:
    """What it says: held, score, reason. Raises _JudgeError."""
    try:
        verdict: Any = json.loads(printed)
    except (ValueError, RecursionError):
        raise _JudgeError("printed no JSON object" if printed.strip() else "printed nothing") from None
    held = verdict.get("held") if isinstance(verdict, dict) else None
    if not isinstance(held, bool):
        raise _JudgeError('expected a JSON object with "held": true or false')
    score, reason = verdict.get("score"), verdict.get("reason") or ""
    if score is not None:
        if not isinstance(score, int | float) or isinstance(score, bool) or not _is_finite(score):
            raise _JudgeError("score: expected a number")
        score = float(score)
    if not isinstance(reason, str):
        raise _JudgeError("reason: expected text")
    return held, score, reason


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number beyond any float
        return False


def _named(status: int) -> str:
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"


def check_judges(questions: QuestionSet, *, allowed: bool) -> None:
    """Raises QuestionsError where a judge is not allowed, or is no program that could be started."""
    for judge in dict.fromkeys(question.judge for question in questions.questions if question.judge):
        command = clean_line(" ".join(judge.command), 120)
        if not allowed:
            told = f"its judge is a program, {command}: add --allow-judge to run it"
            raise QuestionsError(f"{judge.where}: {told}")
        if _program(judge) is None:
            name = clean_line(judge.command[0], 120)
            raise QuestionsError(f"{judge.where}: judge: there is no program {name}")


def _program(judge: Judge) -> str | None:
    """Where it is; a name with a slash is meant from the set's folder."""
    name = judge.command[0]
    return shutil.which(str(Path(judge.folder, name)) if os.path.dirname(name) else name)
