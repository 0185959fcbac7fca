"""Asks a question set through the chat service: segments at the same time, the questions of one in turn."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from userdesk.chat import ChatService, Turn
from userdesk.chat.events import Failed, Finished, Stalled, TextArrived
from userdesk.domain.chatbot import Chatbot
from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Status, now
from userdesk.domain.safe_text import clean, clean_line
from userdesk.questions.expectations import answered
from userdesk.questions.judging import Judging
from userdesk.questions.model import QuestionSet, Segment
from userdesk.questions.outcome import Outcome, Result, Run
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.report import Report
from userdesk.questions.throttle import Throttle, asks_to_wait

MAX_WAIT = 60.0
"""Seconds to wait in all, unless something else is asked for, where the service asks to wait."""

LONGEST_ANSWER = 600.0
"""Seconds after which an answer that still streams is stopped: nobody is there to press Esc."""
_IN_A_ROW = 3  # failures one after the other from which on the service counts as down


class Runner:
    """One pass over a question set, each segment as often as it is repeated.

    `ids` has the conversationIds of an earlier pass, in which segments go on that need not start afresh; it
    is brought up to date.
    `max_wait` is how many seconds it waits in all where the service asks to wait. `told` is called with each
    run of a question as it ends, `waits` with the length of each pause and its reason.
    """

    def __init__(
        self,
        questions: QuestionSet,
        chatbot: Chatbot,
        *,
        matcher: PatternMatcher,
        judging: Judging | None = None,
        ids: dict[Segment, str] | None = None,
        jobs: int = 1,
        max_wait: float = MAX_WAIT,
        told: Callable[[Result, Run], None] = lambda result, run: None,
        waits: Callable[[float, Failure], None] = lambda seconds, why: None,
    ) -> None:
        self._questions = questions
        self._chatbot = chatbot
        self._matcher = matcher
        self._judging = judging
        self._ids = {} if ids is None else ids
        self._matching = asyncio.Lock()
        self._jobs = jobs
        self._throttle = Throttle(jobs, max_wait, waits)
        self._told = told
        self._failures = 0
        self._given_up = False
        self._segments = questions.repeated_segments()
        self._results = [
            Result(number=each.number or n, question=each) for n, each in enumerate(questions.questions, 1)
        ]
        for numbers in questions.segments():
            for number in numbers:
                blank = self._results[number]
                self._results[number] = replace(blank, runs=blank.runs * questions.times(numbers))

    async def run(self, service: ChatService) -> Report:
        """Ask everything. When cancelled it stops, and reports what was done so far."""
        started, begun = now(), time.monotonic()
        left = iter(self._segments)
        ended_by = ""
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(min(self._jobs, len(self._segments))):
                    tasks.create_task(self._work(service, left))
        except asyncio.CancelledError:
            ended_by = "with Ctrl+C"
        return Report(
            questions=self._questions,
            chatbot=clean_line(self._chatbot.name),
            started=started,
            seconds=time.monotonic() - begun,
            results=tuple(self._results),
            ended_by=ended_by,
            waited=self._throttle.waited,
        )

    async def _work(self, service: ChatService, segments: Iterator[Segment]) -> None:
        """Take one segment after the other of those that nobody took yet."""
        for segment in segments:
            key = self._conversation(service, segment)
            for number in segment.numbers:
                if self._given_up:
                    return
                await self._question(service, key, segment, number)
            self._keep(segment, service.conversation(key))
            service.forget(key)  # a set may have any number of them

    def _conversation(self, service: ChatService, segment: Segment) -> ConversationKey:
        conversation = Conversation.start(self._chatbot, now())
        if not self._questions.questions[segment.numbers.start].new_conversation:
            conversation = conversation.evolve(id=self._ids.get(segment))
        service.take_up(conversation)
        return conversation.key

    def _keep(self, segment: Segment, conversation: Conversation | None) -> None:
        """Note the conversation that a later pass may go on in: none that something failed in."""
        runs = [self._results[number].runs[segment.time] for number in segment.numbers]
        if conversation and conversation.id and not any(run.failure for run in runs):
            self._ids[segment] = conversation.id
        else:
            self._ids.pop(segment, None)

    async def _question(
        self, service: ChatService, key: ConversationKey, segment: Segment, number: int
    ) -> None:
        question, nth = self._questions.questions[number], segment.time
        if (outcome := await self._outcome(service, key, segment, number)) is None:
            return
        message, failure = outcome
        self._note(number, nth, Run(outcome=Outcome.STOPPED, answer=clean(message.text)))
        async with self._matching:  # one thread of those that write files too is enough
            run = await asyncio.to_thread(answered, question, message, failure, self._matcher)
        if self._judging and not failure and (check := await self._judging.check(question, run.answer)):
            run = run.with_checks((*run.checks, check))
        self._failures = self._failures + 1 if failure else 0
        if failure and (failure.kind.is_final or self._failures >= _IN_A_ROW):
            self._given_up = True
        self._note(number, nth, run)
        self._told(self._results[number], run)

    def _note(self, number: int, nth: int, run: Run) -> None:
        result = self._results[number]
        runs = (*result.runs[:nth], run, *result.runs[nth + 1 :])
        self._results[number] = replace(result, runs=runs)

    async def _outcome(
        self, service: ChatService, key: ConversationKey, segment: Segment, number: int
    ) -> tuple[Message, Failure | None] | None:
        """The outcome of a question, asked again for as long as the service asks to wait.

        None where the run was given up before it was asked.
        """
        question, nth = self._questions.questions[number], segment.time
        refused: tuple[Message, Failure | None] | None = None
        begin: Callable[[ConversationKey, str], Turn] = service.send
        while True:
            await self._throttle.enter()
            if self._given_up:  # meanwhile, for what another conversation met
                self._throttle.leave()
                return refused
            turn = begin(key, question.ask)
            try:
                message, failure = await self._follow(turn)
                is_old = failure and failure.kind is FailureKind.INVALID_CONVERSATION
                if is_old and self._ids.pop(segment, None):  # the service has forgotten it meanwhile
                    turn = await service.continue_in_new(key, question.ask)
                    message, failure = await self._follow(turn)
            except asyncio.CancelledError:
                self._note(number, nth, Run(outcome=Outcome.STOPPED, answer=clean(turn.recording.text)))
                turn.stop()
                raise
            finally:
                self._throttle.leave()
            if failure is None or not asks_to_wait(failure) or not self._throttle.refused(failure):
                return message, failure
            refused = message, failure
            # What it stays if the user ends the run meanwhile.
            self._note(number, nth, Run(outcome=Outcome.STOPPED, failure=failure))
            begin = service.retry

    async def _follow(self, turn: Turn) -> tuple[Message, Failure | None]:
        """The outcome of a turn, whatever it takes: silence and an endless answer end it too."""
        given_up: Failure | None = None
        is_answered = False
        limit = asyncio.get_running_loop().call_later(LONGEST_ANSWER, turn.stop)
        try:
            async for event in turn.events():
                match event:
                    case TextArrived() if not is_answered:
                        is_answered = True
                        self._throttle.accepted()
                    case Stalled(seconds):
                        given_up = _no_answer(f"No answer for {seconds:g} s")
                        turn.stop()
                    case Finished(message):
                        if message.status is Status.COMPLETE:
                            return message, None
                        return message, given_up or _no_answer(f"Not finished after {LONGEST_ANSWER:g} s")
                    case Failed(message, failure):
                        return message, failure
        finally:
            limit.cancel()
        raise RuntimeError("a turn ended without an outcome")


def _no_answer(message: str) -> Failure:
    return Failure(FailureKind.INTERRUPTED, message, may_have_arrived=True)
