"""What is done with the messages of one log, as commands."""

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple, Self

from userdesk.domain.message import Message
from userdesk.domain.verdict import Verdict
from userdesk.domain.wording import seconds
from userdesk.files.addresses import is_openable
from userdesk.tui.chat.conversations import ConversationsController
from userdesk.tui.chat.exporting import ExportCommands
from userdesk.tui.chat.messages import CopyCommands, LinkCommands, MessageCommands, open_link
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.chat.question_sets import QuestionSetCommands
from userdesk.tui.chat.recovery import RecoveryController
from userdesk.tui.chat.turns import TurnsController
from userdesk.tui.chat.verdicts import VerdictCommands
from userdesk.tui.commands import CommandRegistry
from userdesk.tui.external.clipboard import Clipboard
from userdesk.tui.input.input_bar import InputBar
from userdesk.tui.message_log.message_log import MessageLog

if TYPE_CHECKING:
    from userdesk.tui.external.browser import Browser


class LogCommands(NamedTuple):
    """The controllers that act on a log's messages."""

    chat: ChatParts
    log: MessageLog
    exports: ExportCommands
    copying: CopyCommands
    messages: MessageCommands
    verdicts: VerdictCommands
    question_sets: QuestionSetCommands
    links: LinkCommands

    @classmethod
    def of(
        cls,
        chat: ChatParts,
        log: MessageLog,
        input_bar: InputBar,
        clipboard: Clipboard,
        browser: "Browser | None",
        conversations: ConversationsController,
        turns: TurnsController,
        recovery: RecoveryController,
    ) -> Self:
        """Those of a log that shows the open conversation of `chat`; `browser` is a visitor's."""
        exports = ExportCommands(chat, browser)
        copying = CopyCommands(chat, log, clipboard, exports)
        messages = MessageCommands(chat, conversations, turns, recovery, log, input_bar)
        verdicts, question_sets = VerdictCommands(chat, log), QuestionSetCommands(chat, log)
        links = LinkCommands(chat, log, copying.copy, browser.open if browser else open_link)
        return cls(chat, log, exports, copying, messages, verdicts, question_sets, links)


def bind_log_commands(commands: CommandRegistry, of_log: Callable[[], LogCommands]) -> None:
    """Give the commands of the log their handlers; `of_log` gives those of the log that is meant now."""

    def bind(
        command_id: str,
        do: Callable[[LogCommands], object],
        applies: Callable[[LogCommands], bool] = lambda does: True,
    ) -> None:
        commands.bind(command_id, lambda: do(of_log()), applies=lambda: applies(of_log()))

    def has_answer(does: LogCommands) -> bool:
        return does.verdicts.has_answer

    async def tell_figures(does: LogCommands) -> None:
        messages = does.chat.views.current.messages  # perhaps thousands, to be read from the disk
        does.chat.notifier.flash(await asyncio.to_thread(metrics_line, messages))

    bind("retry", lambda does: does.messages.retry(), lambda does: does.messages.has_text)
    bind("good", lambda does: does.verdicts.judge(Verdict.GOOD), has_answer)
    bind("bad", lambda does: does.verdicts.judge(Verdict.BAD), has_answer)
    bind("note", lambda does: does.verdicts.note(), has_answer)
    bind("take_question", lambda does: does.question_sets.add())
    bind("copy_message", lambda does: does.copying.message(), lambda does: does.log.chosen() is not None)
    bind("copy_code", lambda does: does.copying.code(), lambda does: does.copying.has_code)
    bind("copy_conversation", lambda does: does.copying.conversation())
    bind("copy_curl", lambda does: does.copying.curl())
    bind("copy_link", lambda does: does.links.copy())
    bind("open_link", lambda does: does.links.open(), lambda does: bool(does.log.links_in_view(is_openable)))
    bind("export", lambda does: does.exports.export())
    bind("figures", lambda does: does.chat.run(tell_figures(does), group="figures", exclusive=True))
    bind("to_log", lambda does: does.log.focus())


def metrics_line(messages: Iterable[Message]) -> str:
    """First text and total of the answers: median and 95th percentile, in one line."""
    metrics = [message.metrics for message in messages if message.metrics]
    if not metrics:
        return "No answers with figures yet"
    firsts = [each.first_text for each in metrics if each.first_text is not None]
    first = f"first text {_both(firsts)} · " if firsts else ""
    counted = "1 answer" if len(metrics) == 1 else f"{len(metrics)} answers"
    return f"{counted} · {first}whole {_both([each.total for each in metrics])}"


def _both(values: list[float]) -> str:
    from statistics import median, quantiles  # which no start needs

    high = quantiles(values, n=20)[-1] if len(values) > 1 else values[0]
    return f"{seconds(median(values))} median, {seconds(high)} p95"
