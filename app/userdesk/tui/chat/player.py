"""Playing a question set: the presenter walks through it, the report comes at the end."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from userdesk.chat import Turn
from userdesk.domain.conversation import NO_KEY, ConversationKey
from userdesk.domain.safe_text import clean
from userdesk.tui.chat.conversations import ConversationsController
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.external.clipboard import Clipboard
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.message_log.annotations import TELL_HOST

if TYPE_CHECKING:
    from userdesk.questions.model import QuestionSet
    from userdesk.questions.pattern_matcher import PatternMatcher
    from userdesk.questions.report import Report
    from userdesk.questions.run import QuestionSetRun
    from userdesk.tui.widgets.play_bar import PlayBar

_T = TypeVar("_T")


@dataclass(eq=False, repr=False)
class QuestionSetPlayer:
    """One key puts the next question into the input bar, Enter sends it as any message."""

    _chat: ChatParts
    _conversations: ConversationsController
    _input: InputBar
    _clipboard: Clipboard
    _show_bar: "Callable[[PlayBar], object]"
    """Puts the bar over the input bar."""
    is_awaited: bool = field(default=False, init=False)
    """Whether a question set is being read, or will be as soon as the program has started."""
    _first_is_wanted: bool = field(default=False, init=False)
    """Whether its first question was asked for meanwhile."""
    _run: "QuestionSetRun | None" = field(default=None, init=False)
    _bar: "PlayBar | None" = field(default=None, init=False)
    _bot: str = field(default="", init=False)
    _report: "Report | None" = field(default=None, init=False)
    """Of the set that was played last."""
    _conversation_of: dict[int, ConversationKey] = field(default_factory=dict, init=False)
    """The conversation of each segment, by its first question."""

    @property
    def is_playing(self) -> bool:
        """Whether a question set is being played."""
        return self._run is not None

    @property
    def answers_to_come(self) -> int:
        """How many answers of the set being played are on their way or being checked."""
        return self._run.answers_to_come if self._run else 0

    # begin and end

    def ask(self) -> None:
        """Ask for the question set's file."""
        about = "A file, or a built-in set: tour for an audience, newcomer as a test."
        self._chat.dialogs.ask_line("Play a question set", about, self.play, placeholder="questions.toml")

    def play(self, name: str, bot: str = "") -> None:
        """Begin with a question set, with the chatbot on the screen unless another is named."""
        self._chat.run(self._play(name, bot), group="play", exclusive=True)

    async def _play(self, name: str, bot: str) -> None:
        from userdesk.questions.model import QuestionsError

        path = Path(name).expanduser()
        self.is_awaited, self._first_is_wanted = True, self.is_awaited and self._first_is_wanted
        try:
            await self._begin(await _apart(partial(read_set, path)), bot)
        except QuestionsError as error:
            if self._chat.presenter.for_visitor:
                self._chat.notifier.tell("The questions can't be shown", "", TELL_HOST)
                return
            # The folder would leave no room for the reason.
            reason = str(error).replace(str(path), path.name, 1)
            again = f"{self._chat.shortcuts.way_to('commands')} to try another file"
            self._chat.notifier.tell("The question set can't be played", reason, again)
        finally:
            self.is_awaited = False

    async def _begin(self, questions: "QuestionSet", bot: str) -> None:
        from userdesk.questions.run import QuestionSetRun
        from userdesk.tui.widgets.play_bar import PlayBar

        self._bot = bot or self._conversations.current_bot
        name = self._chat.directory.chatbot_name(self._bot)
        self._run = await asyncio.to_thread(QuestionSetRun, questions, name)  # it looks at every question
        self._conversation_of = {}
        self._conversations.start(self._bot)
        if self._bar is None:
            self._bar = PlayBar(id="play")
            self._show_bar(self._bar)
        self.refresh()
        self._input.focus()
        if self._first_is_wanted:
            self.next_question()

    def end(self) -> None:
        """No further question, and the report of those asked; a visitor is not told what was expected."""
        run, self._run = self._run, None
        if run is None:
            return
        if self._holds_question(run):
            self._chat.drafts.discard(self._chat.state.current)
        self._report = run.report()
        if self._bar:
            self._bar.remove()
            self._bar = None
        if self._chat.presenter.for_visitor:
            self._chat.notifier.flash("That was the last question")
        else:
            self.show_report()

    def show_report(self) -> None:
        """The report of the question set that was played last."""
        from userdesk.tui.dialogs.report import ReportScreen

        if self._report:
            screen = ReportScreen(self._report, self._clipboard, for_audience=self._chat.presenter.is_on)
            self._chat.dialogs.show(screen)
        else:
            self._chat.notifier.flash("No question set has been played yet")

    # the questions

    def next_question(self) -> None:
        """Put the next question into the input bar; one that stands there unsent is skipped."""
        run = self._run
        if run is None and self.is_awaited:
            self._first_is_wanted = True
        elif run is None:
            self._chat.notifier.flash("No question set is being played")
        elif run.forward(unsent=self._holds_question(run)):
            self._offer(run)
        elif run.answers_to_come:
            state = "being checked" if run.is_checking else "still arriving"
            self._chat.notifier.flash(f"The last answer is {state}")
        else:
            self.end()

    def previous_question(self) -> None:
        """Back to the question before."""
        if run := self._run:
            run.back()
            self._offer(run)

    def _offer(self, run: "QuestionSetRun") -> None:
        """The question into the input bar of its conversation; a draft there is put away."""
        if run.has(self._input.whole_text):
            self._chat.drafts.discard(self._chat.state.current)
        self._go_to_segment(run)
        self._chat.drafts.replace(clean(run.question.ask))
        self.refresh()

    def _go_to_segment(self, run: "QuestionSetRun") -> None:
        key = self._conversation_of.get(run.segment, NO_KEY)
        if self._chat.service.conversation(key) and (
            run.at != run.segment or not self._conversations.was_spoken_in(key)
        ):
            if key != self._chat.state.current:
                self._conversations.open(key)
            return
        self._conversations.start(self._bot)
        self._conversation_of[run.segment] = self._chat.state.current

    def _holds_question(self, run: "QuestionSetRun") -> bool:
        """Whether the question that the run stands at is in the input bar."""
        from userdesk.questions.run import folded

        return folded(self._input.whole_text) == folded(run.question.ask)

    # the answers

    def turn_started(self, turn: Turn) -> None:
        """Any message that goes out may be a question of the set, sent again or for the first time."""
        if self._run and self._run.sent(turn.id, turn.text):
            self._chat.run(self._keep_answer(self._run, turn), group="answers")
            self.refresh()

    async def _keep_answer(self, run: "QuestionSetRun", turn: Turn) -> None:
        await turn.wait_ended()
        if turn.outcome is None:
            run.withdrawn(turn.id)
        else:
            run.checked(turn.id, await _apart(run.arrived(turn.id, turn.outcome)))
        self.refresh()

    def refresh(self) -> None:
        """Another question, or another text in the input bar: other keys go on."""
        if self._run and self._bar:
            held = self._holds_question(self._run)
            last = "ends" if self._chat.presenter.for_visitor else "report"
            self._bar.show(self._run, held=held, last=last, key_of=self._chat.shortcuts.short)


async def _apart(work: "Callable[[PatternMatcher], _T]") -> "_T":
    """Do it in a thread that the program's end does not wait for: a pipe may never say anything.

    The process that tries patterns ends with it, or with the program.
    """
    from userdesk.questions.pattern_matcher import PatternMatcher

    matcher = PatternMatcher()
    done: Future[_T] = Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            with matcher:
                done.set_result(work(matcher))
        except BaseException as error:  # whatever it is, it is for the one who waits
            done.set_exception(error)

    threading.Thread(target=run, name="question set", daemon=True).start()
    try:
        return await asyncio.wrap_future(done)
    finally:
        matcher.end()


def read_set(path: Path, matcher: "PatternMatcher") -> "QuestionSet":
    """The question set of a file or of a built-in name. Raises QuestionsError."""
    from userdesk.questions.reading import find_questions, read_questions

    return read_questions(find_questions(path), matcher)
