"""The chosen turn of the log as a question of a question set."""

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path

from userdesk.domain.conversation import ConversationKey
from userdesk.domain.message import Role, Status
from userdesk.domain.safe_text import clean_line
from userdesk.files.user_files import UnreadableFile
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.external.written_file import at_home
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.message_log import MessageLog


@dataclass(eq=False, repr=False)
class QuestionSetCommands:
    """Adds turns to a set that the user names, made where it is missing; nothing else in it changes."""

    _chat: ChatParts
    _log: MessageLog
    _file: str = field(default="questions.toml", init=False)
    """What was named last."""
    _added: tuple[Path, ConversationKey, int] | None = field(default=None, init=False)
    """The file, conversation and place of the question that was added last."""

    def add(self) -> None:
        """Ask for the file, and add the turn of the chosen message."""
        view, bubble = self._chat.views.current, self._log.chosen()
        place = asked_at(view, bubble.index) if bubble else None
        if place is None:
            self._chat.notifier.flash("There is no question to add to a question set")
            return
        key = self._chat.state.current
        self._chat.dialogs.ask_line(
            "Add this question to a question set",
            clean_line(view.entry(place).text, 120),
            lambda name: self._chat.run(self._add(name, key, view, place), group="question sets"),
            placeholder="a .toml file, made if it is missing",
            given=self._file,
            is_offered=True,
        )

    async def _add(self, name: str, key: ConversationKey, view: ConversationView, place: int) -> None:
        from userdesk.questions.model import Question
        from userdesk.questions.writing import Entry, add_to_set

        if not name:
            return
        path = Path(os.path.expanduser(name if name.endswith(".toml") else f"{name}.toml")).absolute()
        before = [at for at in range(place) if view.entry(at).message.role is Role.USER]
        goes_on = bool(before) and self._added == (path, key, before[-1])
        question = Question(ask=view.entry(place).text.strip(), new_conversation=not goes_on)
        try:
            count = await asyncio.to_thread(add_to_set, path, Entry(question, answer_to(view, place)))
        except UnreadableFile as error:
            self._chat.notifier.flash(f"Not added: {clean_line(error.located(path), 200)}", alert=True)
        except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
            why = getattr(error, "strerror", None) or error
            self._chat.notifier.flash(f"Not added to {at_home(path)}: {why}", alert=True)
        else:
            self._file, self._added = name, (path, key, place)
            questions = "1 question" if count == 1 else f"{count} questions"
            self._chat.notifier.flash(f"Added to {at_home(path)}, now {questions}")


def asked_at(view: ConversationView, place: int) -> int | None:
    """The place of the user's message that a message belongs to; None before the first."""
    while place >= 0 and view.entry(place).message.role is not Role.USER:
        place -= 1
    return place if place >= 0 else None


def answer_to(view: ConversationView, place: int) -> str | None:
    """The whole answer to a user's message: of several tries the last."""
    answer = None
    while (place := place + 1) < len(view) and view.entry(place).message.role is Role.ASSISTANT:
        entry = view.entry(place)
        if not entry.live and entry.message.status is Status.COMPLETE and entry.text.strip():
            answer = entry.text
    return answer
