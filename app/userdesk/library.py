"""userdesk for scripts and notebooks: a client of one chatbot, and runs of question sets.

Everything blocks, and may be called where an event loop runs, as in a notebook: the work is done on a loop in
a thread of the client's own. What `userdesk` exports is stable.
"""

import asyncio
import os
import queue
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self, TypeVar

from userdesk.api import CreateUnavailable, UserdeskClient
from userdesk.chat.registry import ChatbotRegistry
from userdesk.chat.wiring import build_chat, chosen_chatbot, registry_of
from userdesk.commands.service_settings import no_chatbot
from userdesk.demo.process import DemoProcess
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.domain.failure import Failure, FailureKind, UserdeskError
from userdesk.domain.message import Metrics
from userdesk.questions import reading, report_files
from userdesk.questions.judging import Judging, check_judges
from userdesk.questions.model import QuestionSet
from userdesk.questions.outcome import Result, Run
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.report import Report
from userdesk.questions.runner import MAX_WAIT, Runner
from userdesk.settings import Options, SettingsError, resolve
from userdesk.settings.api_keys import KeyRing

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal

_T = TypeVar("_T")
_END = None


class Answer(NamedTuple):
    """What a chatbot answered."""

    text: str
    """Markdown source as the server sent it. It is not made safe for a terminal."""
    conversation_id: str | None
    """To go on in the same conversation; None where the service did not tell it."""
    metrics: Metrics
    """Seconds to the first text and to the end, and the number of characters."""


class Client:
    """A chatbot to talk to. A context manager; it is closed with its process at the latest.

    Without arguments it is the one that the program would talk to: that of the environment, else the default
    of config.toml. Threads may share one.
    """

    def __init__(
        self,
        chatbot_id: str | None = None,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        bot: str | None = None,
        demo: bool = False,
        timeout: float = 60.0,
    ) -> None:
        """`bot` is a name in config.toml, `demo` the embedded chatbot, `timeout` seconds without a byte.

        Raises SettingsError where it is not clear which chatbot is meant.
        """
        environment = dict(os.environ)
        if chatbot_id is not None:
            environment |= {"USERDESK_CHATBOT_ID": chatbot_id, "USERDESK_API_KEY": api_key or ""}
        if base_url is not None:
            environment["USERDESK_BASE_URL"] = base_url
        self._settings = resolve(Options(bot=bot, demo=demo), environment)
        if (why := no_chatbot(self._settings)) and not (demo or bot == DEMO_BOT):
            raise SettingsError(why)
        self._chatbot = chosen_chatbot(self._settings)
        self._timeout = timeout
        self._stack = ExitStack()
        self._opening = threading.Lock()
        self._portal: BlockingPortal | None = None
        self._demo = DemoProcess()
        self._registry: ChatbotRegistry | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The chatbot's name, as it is shown."""
        return self._chatbot.name

    def close(self) -> None:
        """End every connection. A later call opens new ones."""
        registry, self._registry = self._registry, None
        if self._portal and registry:
            self._portal.call(registry.aclose)
        self._demo.close()
        self._portal = None
        self._stack.close()

    def send(self, text: str, *, conversation_id: str | None = None) -> Answer:
        """Send a message, and wait for the whole answer. Without an id it begins a conversation.

        Raises UserdeskError, whose `failure` says what happened.
        """
        return self._call(lambda: self._ask(text, conversation_id, None))

    def stream(self, text: str, *, conversation_id: str | None = None) -> "Stream":
        """Send a message, and iterate over its answer as it comes; `answer` has it at the end."""
        return Stream(lambda tell: self._start(lambda: self._ask(text, conversation_id, tell)))

    # on the loop of its own

    def _call(self, work: Callable[[], Awaitable[_T]]) -> _T:
        future = self._start(work)
        try:
            return future.result()
        except BaseException:  # Ctrl+C here ends it there
            future.cancel()
            raise

    def _start(self, work: Callable[[], Awaitable[_T]]) -> "Future[_T]":
        from anyio.from_thread import start_blocking_portal

        with self._opening:
            if self._portal is None:
                self._portal = self._stack.enter_context(start_blocking_portal())
            return self._portal.start_task_soon(work)

    async def _http(self) -> UserdeskClient:
        if self._registry is None:
            self._registry = registry_of(self._settings, KeyRing(self._settings), self._demo)
        return await self._registry.client(self._chatbot)

    async def _ask(
        self, text: str, conversation_id: str | None, tell: Callable[[str], object] | None
    ) -> Answer:
        http, begun, first = await self._http(), time.monotonic(), None
        if tell and conversation_id is None:
            conversation_id = await self._create(http)
        pieces: list[str] = []
        is_streamed = tell is not None and conversation_id is not None
        try:
            async with (
                asyncio.timeout(self._timeout) as silence,
                http.stream(text, conversation_id, streamed=is_streamed) as answer,
            ):
                async for chunk in answer:
                    silence.reschedule(asyncio.get_running_loop().time() + self._timeout)
                    if chunk.text:
                        first = first or time.monotonic()
                        pieces.append(chunk.text)
                        if tell:
                            tell(chunk.text)
        except TimeoutError:
            words = f"No answer for {self._timeout:g} s"
            raise UserdeskError(Failure(FailureKind.INTERRUPTED, words, may_have_arrived=True)) from None
        whole = "".join(pieces)
        metrics = Metrics(first - begun if first else None, time.monotonic() - begun, len(whole))
        return Answer(whole, answer.conversation_id or conversation_id, metrics)

    async def _create(self, http: UserdeskClient) -> str | None:
        try:
            return (await http.create_conversation()).conversation_id
        except CreateUnavailable:  # the whole answer to the message brings it
            return None

    def _run(self, questions: QuestionSet, how: "_How") -> Report:
        return self._call(lambda: self._run_there(questions, how))

    async def _run_there(self, questions: QuestionSet, how: "_How") -> Report:
        sources = self._settings.api_key_sources.values()
        hidden = {"USERDESK_API_KEY", *(each.variable for each in sources if each.variable)}
        judging = Judging(jobs=how.jobs, hidden=hidden)
        with PatternMatcher() as matcher:
            service = build_chat(self._settings, None, demo=self._demo).service
            runner = Runner(
                questions,
                self._chatbot,
                matcher=matcher,
                judging=judging,
                jobs=how.jobs,
                max_wait=how.max_wait,
                told=how.told,
            )
            try:
                return await runner.run(service)
            finally:
                await service.aclose()
                await judging.aclose()


class _How(NamedTuple):
    jobs: int
    max_wait: float
    told: Callable[[Result, Run], None]


class Stream:
    """An answer as it comes: iterate over its pieces. Leaving early stops it."""

    def __init__(self, start: Callable[[Callable[[str], object]], "Future[Answer]"]) -> None:
        self._start = start
        self._answer: Answer | None = None

    @property
    def answer(self) -> Answer:
        """The whole answer. Raises RuntimeError before its end."""
        if self._answer is None:
            raise RuntimeError("the answer is not over yet")
        return self._answer

    def __iter__(self) -> Iterator[str]:
        pieces: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        future = self._start(pieces.put)
        future.add_done_callback(lambda _: pieces.put(_END))
        try:
            yield from iter(pieces.get, _END)
            self._answer = future.result()
        finally:
            future.cancel()


def read_questions(path: str | Path) -> QuestionSet:
    """The question set of a TOML file, or the built-in one of that name. Raises QuestionsError."""
    with PatternMatcher() as matcher:
        return reading.read_questions(reading.find_questions(Path(path)), matcher)


def write_report(report: Report, path: str | Path) -> None:
    """Write it in the format that the file's ending names. Raises QuestionsError, OSError."""
    report_files.check_report_file(Path(path))
    report_files.write_report(report, Path(path))


def run(
    questions: QuestionSet,
    client: Client,
    *,
    jobs: int = 1,
    max_wait: float = MAX_WAIT,
    allow_judge: bool = False,
    on_run: Callable[[Result, Run], None] = lambda result, run: None,
) -> Report:
    """Ask a question set, as `userdesk check` does; nothing is saved.

    `jobs` conversations go on at the same time; `max_wait` is how many seconds it waits in all where the
    service asks to wait. `on_run` is called with each question's result so far and the run that ended, in
    another thread. Raises QuestionsError where the set has a judge that is not allowed.
    """
    check_judges(questions, allowed=allow_judge)
    return client._run(questions, _How(jobs, max_wait, on_run))
