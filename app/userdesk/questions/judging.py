"""Asks the user's own programs whether answers mean what they should.

A judge gets one JSON object on standard input, `ask`, `meaning` and `answer`, and prints one on standard
output: `held`, and if it likes a `score` and a `reason`. What goes wrong with it is never a verdict.
"""

import asyncio
import json
import math
from collections.abc import Collection
from typing import Any

from userdesk.domain.safe_text import clean_line
from userdesk.questions.model import Judge, Question, QuestionsError, QuestionSet
from userdesk.questions.outcome import Check
from userdesk.questions.user_program import ProgramError, UserProgram

JUDGE_SECONDS = 60.0
"""Seconds that a judge may take for one answer."""
_IN_A_ROW = 3  # failures one after the other from which on a judge counts as broken


class Judging:
    """The judges of a run; each is asked once about the same answer to the same question."""

    def __init__(
        self, *, jobs: int = 1, hidden: Collection[str] = (), seconds: float = JUDGE_SECONDS
    ) -> None:
        """Ask `jobs` at the same time; `hidden` are environment variables that they do not get."""
        self._seconds = seconds
        self._hidden = hidden
        self._places = asyncio.Semaphore(jobs)
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
        request = json.dumps({"ask": ask, "meaning": meaning, "answer": answer}).encode() + b"\n"
        try:
            async with self._places:
                if self._failures.get(judge, 0) >= _IN_A_ROW:
                    raise ProgramError(f"not asked any more: it failed {_IN_A_ROW} times in a row")
                try:
                    program = UserProgram(
                        judge.command, judge.folder, hidden=self._hidden, seconds=self._seconds
                    )
                    verdict = _verdict(await program.run(request))
                except ProgramError:
                    self._failures[judge] = self._failures.get(judge, 0) + 1
                    raise
        except ProgramError as error:
            return Check("meaning", meaning, False, trouble=clean_line(f"{judge.where}: judge: {error}", 300))
        self._failures[judge] = 0
        held, score, reason = verdict
        return Check("meaning", meaning, held, clean_line(reason, 300), score=score)


def _verdict(printed: bytes) -> tuple[bool, float | None, str]:
    """What it says: held, score, reason. Raises ProgramError."""
    try:
        verdict: Any = json.loads(printed)
    except (ValueError, RecursionError):
        raise ProgramError("printed no JSON object" if printed.strip() else "printed nothing") from None
    held = verdict.get("held") if isinstance(verdict, dict) else None
    if not isinstance(held, bool):
        raise ProgramError('expected a JSON object with "held": true or false')
    score, reason = verdict.get("score"), verdict.get("reason") or ""
    if score is not None:
        if not isinstance(score, int | float) or isinstance(score, bool) or not _is_finite(score):
            raise ProgramError("score: expected a number")
        score = float(score)
    if not isinstance(reason, str):
        raise ProgramError("reason: expected text")
    return held, score, reason


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number beyond any float
        return False


def check_judges(questions: QuestionSet, *, allowed: bool) -> None:
    """Raises QuestionsError where a judge is not allowed, or is no program that could be started."""
    for judge in dict.fromkeys(question.judge for question in questions.questions if question.judge):
        command = clean_line(" ".join(judge.command), 120)
        if not allowed:
            told = f"its judge is a program, {command}: add --allow-judge to run it"
            raise QuestionsError(f"{judge.where}: {told}")
        if name := UserProgram(judge.command, judge.folder, seconds=JUDGE_SECONDS).missing:
            raise QuestionsError(f"{judge.where}: judge: there is no program {name}")
