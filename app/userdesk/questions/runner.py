"""Asks a question set through the desk: stretches at the same time, questions of a stretch in turn."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

from userdesk.chat import Desk, Turn
from userdesk.chat.events import Failed, Finished, Silent
from userdesk.domain.chatbot import Chatbot
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Status, now
from userdesk.domain.safe_text import clean, clean_line
from userdesk.questions.model import QuestionSet
from userdesk.questions.outcome import Outcome, Report, Result
from userdesk.questions.verdict import answered

LONGEST_ANSWER = 600.0
"""Seconds after which an answer that still streams is stopped: nobody is there to press Esc."""
_IN_A_ROW = 3  # failures one after the other from which on the service counts as down
# What asking the next question cannot mend.
_FINAL = frozenset(
    (
        FailureKind.MISSING_KEY,
        FailureKind.WRONG_KEY,
        FailureKind.ACCESS_DENIED,
        FailureKind.CONFIGURATION,
        FailureKind.TLS,
        FailureKind.DNS,
    )
)


class Runner:
    """One run of a question set. `told` is called with each result as it comes, `warn` with words."""

    def __init__(
        self,
        questions: QuestionSet,
        chatbot: Chatbot,
        *,
        jobs: int = 1,
        told: Callable[[Result], None] = lambda result: None,
        warn: Callable[[str], None] = lambda words: None,
    ) -> None:
        self._questions = questions
        self._chatbot = chatbot
        self._jobs = jobs
        self._told = told
        self._warn = warn
        self._failures = 0
        self._given_up = False
        self._results = [
            Result(number=number, question=question) for number, question in enumerate(questions.questions, 1)
        ]

    async def run(self, desk: Desk) -> Report:
        """Ask everything. When cancelled it stops, and reports what was done so far."""
        started, begun = now(), time.monotonic()
        free = asyncio.Semaphore(self._jobs)
        tasks = [asyncio.create_task(self._stretch(desk, each, free)) for each in self._questions.stretches()]
        interrupted = False
        try:
            await asyncio.gather(*tasks)
        except asyncio.CancelledError:
            interrupted = True
        finally:
            for task in tasks:
                task.cancel()
            if under_way := [task for task in tasks if not task.done()]:
                await asyncio.wait(under_way)
        return Report(
            questions=self._questions,
            chatbot=clean_line(self._chatbot.name),
            started=started,
            seconds=time.monotonic() - begun,
            results=tuple(self._results),
            interrupted=interrupted,
        )

    async def _stretch(self, desk: Desk, numbers: range, free: asyncio.Semaphore) -> None:
        async with free:
            key = desk.start_conversation(self._chatbot).key
            for number in numbers:
                if self._given_up:
                    return
                await self._question(desk, key, number)

    async def _question(self, desk: Desk, key: str, number: int) -> None:
        result = self._results[number]
        turn = desk.send(key, result.question.ask)
        try:
            message, failure = await self._follow(turn)
        except asyncio.CancelledError:
            stopped = replace(result, outcome=Outcome.STOPPED, answer=clean(turn.recording.text))
            self._results[number] = stopped
            turn.stop()
            raise
        self._count(failure)
        done = answered(result, message, failure)
        self._results[number] = done
        self._told(done)

    async def _follow(self, turn: Turn) -> tuple[Message, Failure | None]:
        """The outcome of a turn, whatever it takes: silence and an endless answer end it too."""
        given_up: Failure | None = None
        limit = asyncio.get_running_loop().call_later(LONGEST_ANSWER, turn.stop)
        try:
            async for event in turn.events():
                match event:
                    case Silent(seconds):
                        given_up = _no_answer(f"No answer for {seconds:g} s")
                        turn.stop()
                    case Finished(message):
                        if message.status is Status.COMPLETE:
                            return message, None
                        return message, given_up or _no_answer(f"No end after {LONGEST_ANSWER:g} s")
                    case Failed(message, failure):
                        return message, failure
        finally:
            limit.cancel()
        raise RuntimeError("a turn ended without an outcome")

    def _count(self, failure: Failure | None) -> None:
        self._failures = self._failures + 1 if failure else 0
        if failure and (failure.kind in _FINAL or self._failures >= _IN_A_ROW):
            self._given_up = True


def _no_answer(words: str) -> Failure:
    return Failure(kind=FailureKind.INTERRUPTED, words=words, may_have_arrived=True)
