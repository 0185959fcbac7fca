"""Playing a question set: the presenter walks through it, the report comes at the end."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from textual import on, work
from textual.widgets import TextArea

from userdesk.domain.safe_text import clean
from userdesk.tui.chat.talking import TalkActions

if TYPE_CHECKING:
    from userdesk.chat import Turn
    from userdesk.questions import PatternMatcher, QuestionSet, QuestionSetRun, Report
    from userdesk.tui.widgets.play_bar import PlayBar

_T = TypeVar("_T")


class PlayActions(TalkActions):
    """One key puts the next question into the input bar, Enter sends it as any message."""

    set_is_coming = False
    """Whether a question set is being read, or will be as soon as the program has started."""
    _first_is_wanted = False
    """Whether its first question was asked for meanwhile."""
    _played: "QuestionSetRun | None" = None
    _play_bar: "PlayBar | None" = None
    _run_bot = ""
    _report: "Report | None" = None
    """Of the set that was played last."""
    _run_conversations: dict[int, str] = {}  # noqa: RUF012  # replaced, never changed
    """The conversation of each segment, by its first question."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a question set, the key that goes back in it is the text area's own."""
        if action in ("previous_question", "end_play") and self._played is None:
            return False
        return super().check_action(action, parameters)

    # begin and end

    def action_play(self) -> None:
        """Ask for the question set's file."""
        from userdesk.tui.dialogs.ask_line import AskLineScreen

        def given(name: str | None) -> None:
            if name:
                self.play(name)

        words = "Its file, or newcomer: the example that comes along."
        self.app.push_screen(AskLineScreen("Play a question set", words, placeholder="questions.toml"), given)

    @work(group="play", exclusive=True, exit_on_error=False)
    async def play(self, name: str, bot: str = "") -> None:
        """Begin with a question set, with the chatbot on the screen unless another is named."""
        from userdesk.questions import QuestionsError

        path = Path(name).expanduser()
        self.set_is_coming, self._first_is_wanted = True, self.set_is_coming and self._first_is_wanted
        try:
            await self._begin_run(await _apart(partial(_read, path)), bot)
        except QuestionsError as error:
            # The folder would leave no room for the reason.
            reason = str(error).replace(str(path), path.name, 1)
            again = f"{self.userdesk.spoken_key('commands')} tries another file"
            self.toast.tell_words("The question set can't be played", reason, again)
        finally:
            self.set_is_coming = False

    async def _begin_run(self, questions: "QuestionSet", bot: str) -> None:
        from userdesk.questions import QuestionSetRun
        from userdesk.tui.widgets.play_bar import PlayBar

        current = self.board.conversation
        self._run_bot = bot or (current.bot if current else self.userdesk.settings.start_bot)
        chatbot = self.service.registry.get(self._run_bot)
        name = chatbot.name if chatbot else self._run_bot
        self._played = await asyncio.to_thread(QuestionSetRun, questions, name)  # it looks at every question
        self._run_conversations = {}
        self.start_conversation(self._run_bot)
        if self._play_bar is None:
            self._play_bar = PlayBar(id="play")
            await self.main.mount(self._play_bar, before=self.input_bar)
        self._show_run()
        self.input_bar.focus()
        if self._first_is_wanted:
            self.action_next_question()

    def action_end_play(self) -> None:
        """The report of what was asked, and no further question."""
        if self._played:
            self._show_report(self._played)

    def _show_report(self, run: "QuestionSetRun") -> None:
        from userdesk.tui.dialogs.report import ReportScreen

        if self._holds_question(run):
            self._empty_bar()
        self._played = None
        self._report = run.report()
        if self._play_bar:
            self._play_bar.remove()
            self._play_bar = None
        self.app.push_screen(ReportScreen(self._report, on_stage=self.on_stage))

    def action_show_report(self) -> None:
        """The report of the question set that was played last."""
        from userdesk.tui.dialogs.report import ReportScreen

        if self._report:
            self.app.push_screen(ReportScreen(self._report, on_stage=self.on_stage))
        else:
            self.status.flash("No question set was played yet")

    # the questions

    def action_next_question(self) -> None:
        """Put the next question into the input bar; one that stands there unsent is skipped."""
        run = self._played
        if run is None and self.set_is_coming:
            self._first_is_wanted = True
        elif run is None:
            self.status.flash("No question set is being played")
        elif run.forward(unsent=self._holds_question(run)):
            self._offer(run)
        elif run.answers_to_come:
            self.status.flash(
                f"The last answer is {'being judged' if run.is_judging else 'still on its way'}"
            )
        else:
            self._show_report(run)

    def action_previous_question(self) -> None:
        """Back to the question before."""
        if run := self._played:
            run.back()
            self._offer(run)

    def _offer(self, run: "QuestionSetRun") -> None:
        """The question into the input bar of its conversation; a draft there is put away."""
        if run.has(self.input_bar.whole_text):
            self._empty_bar()
        self._go_to_stretch(run)
        if draft := self.input_bar.draft.strip():
            self.save_to_history(draft)
        self.input_bar.put(clean(run.question.ask))
        self.input_bar.focus()
        self._show_run()

    def _go_to_stretch(self, run: "QuestionSetRun") -> None:
        key = self._run_conversations.get(run.segment, "")
        if self.service.conversation(key) and (run.at != run.segment or not self.was_spoken_in(key)):
            if key != self.board.current:
                self.open_conversation(key)
            return
        self.start_conversation(self._run_bot)
        self._run_conversations = {**self._run_conversations, run.segment: self.board.current}

    def _holds_question(self, run: "QuestionSetRun") -> bool:
        """Whether the question that the run stands at is in the input bar."""
        from userdesk.questions.run import folded

        return folded(self.input_bar.whole_text) == folded(run.question.ask)

    def _empty_bar(self) -> None:
        """An unsent question is no draft."""
        self.input_bar.put("")
        self.board.set_draft(self.board.current, "")
        self.save_draft(self.board.current)

    # the answers

    def follow_turn(self, turn: "Turn", *, waits: bool = False) -> None:
        """Any message that goes out may be a question of the set, sent again or for the first time."""
        super().follow_turn(turn, waits=waits)
        if self._played and self._played.sent(turn.id, turn.text):
            self._keep_answer(self._played, turn)
            self._show_run()

    @work(group="answers", exit_on_error=False)
    async def _keep_answer(self, run: "QuestionSetRun", turn: "Turn") -> None:
        await turn.wait_ended()
        if turn.outcome is None:
            run.withdrawn(turn.id)
        else:
            run.judged(turn.id, await _apart(run.arrived(turn.id, turn.outcome)))
        self._show_run()

    def _show_run(self) -> None:
        if self._played and self._play_bar:
            key_of = self.userdesk.key_of
            self._play_bar.show(
                self._played,
                held=self._holds_question(self._played),
                forward=key_of("next_question"),
                back=key_of("previous_question"),
                stage=key_of("presenter"),
            )

    @on(TextArea.Changed, "#input")
    def question_changed(self) -> None:
        """The question is edited, sent, or something else is written: other keys go on."""
        if self._played:
            self._show_run()


async def _apart(work: "Callable[[PatternMatcher], _T]") -> "_T":
    """Do it in a thread that the program's end does not wait for: a pipe may never say anything.

    The process that tries patterns ends with it, or with the program.
    """
    from userdesk.questions import PatternMatcher

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


def _read(path: Path, matcher: "PatternMatcher") -> "QuestionSet":
    from userdesk.questions import find_questions, read_questions

    return read_questions(find_questions(path), matcher)
