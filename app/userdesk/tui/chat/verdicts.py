"""What the user thinks of answers: said in the log, kept beside the transcript, read from other windows."""

import asyncio
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from userdesk.domain.conversation import ConversationKey
from userdesk.domain.message import Role, now
from userdesk.domain.safe_text import clean_line
from userdesk.domain.verdict import LONGEST_NOTE, Verdict, split_filter
from userdesk.store.verdicts import Change, Judged, judged_in
from userdesk.tui.chat.parts import ChatParts
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.message_log import MessageLog


@dataclass(eq=False, repr=False)
class VerdictCommands:
    """Applies to the answer chosen in the log, or to that of the chosen question, else to the last one."""

    _chat: ChatParts
    _log: MessageLog
    _seen: WeakKeyDictionary[ConversationView, object] = field(default_factory=WeakKeyDictionary, init=False)
    """What the file of each view was like when it was read."""
    _said: int = field(default=0, init=False)
    """How often something was said here: what is read meanwhile does not have it."""
    _writing: set["asyncio.Task[object]"] = field(default_factory=set, init=False)

    def judge(self, verdict: Verdict) -> None:
        """Mark the answer; the same verdict again takes it back."""
        if (place := self._answer()) is None:
            return
        key, view = self._chat.state.current, self._chat.views.current
        is_back = judged_at(view, place).judgement.verdict is verdict
        self._say(key, view, place, {"verdict": None if is_back else verdict.value})
        again = f"Marked {verdict} · {self._chat.shortcuts.way_to(verdict.value)} takes it back"
        self._chat.notifier.flash("Verdict taken back" if is_back else again)

    def note(self) -> None:
        """Write a note on the answer, or change it; an empty one takes it back."""
        if (place := self._answer()) is None:
            return
        from userdesk.markdown.document import whole

        key, view = self._chat.state.current, self._chat.views.current
        first, before = (
            view.entry(place).text.strip().partition("\n")[0],
            judged_at(view, place).judgement.note,
        )

        def said(note: str) -> None:
            if note != before:
                self._say(key, view, place, {"note": note or None})

        self._chat.dialogs.ask_line(
            "Note on this answer",
            whole(clean_line(first, 120), 1000).line_text(0),
            said,
            placeholder="What is good or bad about it",
            given=clean_line(before, LONGEST_NOTE),
        )

    @property
    def has_answer(self) -> bool:
        """Whether there is an answer to judge."""
        return isinstance(self._meant(), int)

    def _answer(self) -> int | None:
        """The place of the answer that is meant; where there is none, why is told."""
        place = self._meant()
        if isinstance(place, str):
            self._chat.notifier.flash(place, alert=True)
            return None
        if self._log.cursor is not None:
            self._log.cursor = place
        return place

    def _meant(self) -> int | str:
        """The place of the answer that is meant, or why there is none."""
        view, bubble = self._chat.views.current, self._log.chosen()
        if bubble is None:
            return "There is no answer yet"
        place = bubble.index
        if bubble.role is Role.USER:  # of several tries the last one is the answer
            while place + 1 < len(view) and view.entry(place + 1).message.role is Role.ASSISTANT:
                place += 1
        entry = view.entry(place)
        if entry.live:
            return "The answer is still arriving"
        if entry.message.role is Role.USER or entry.is_blank:
            return "This message has no answer to judge"
        return place

    def _say(self, key: ConversationKey, view: ConversationView, place: int, change: Change) -> None:
        """At once on the screen, on the disk as soon as that takes it."""
        judged, at = judged_at(view, place), now()
        self._said += 1
        view.judge({**view.judged, place: judged.changed(change, at)})
        task = self._chat.service.judge(key, judged, change, at)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    # what the disk says

    def refresh(self) -> None:
        """Read what was said, here or elsewhere, in the conversation on the screen, and what a filter needs.

        Off the event loop.
        """
        key = self._chat.state.current
        if split_filter(self._chat.state.filter)[1]:
            self._chat.run(self._read_kinds(), group="verdicts")
        if key and not self._writing and not len(self._chat.service.write_queue):
            self._chat.run(self._read(key, self._chat.views.of(key)), group="verdicts")

    async def _read_kinds(self) -> None:
        judged = await asyncio.to_thread(self._chat.service.store.verdicts.kinds)
        if judged != self._chat.state.judged:
            self._chat.state.judged = judged
            self._chat.state.changed()

    async def _read(self, key: ConversationKey, view: ConversationView) -> None:
        said, store = self._said, self._chat.service.store

        def read() -> tuple[object, dict[int, Judged]] | None:
            seen = store.verdicts.signature(key)
            if seen == self._seen.get(view):
                return None
            return seen, judged_in(store.transcript(key), store.verdicts.of(key))

        found = await asyncio.to_thread(read)
        if found and said == self._said:
            self._seen[view] = found[0]
            view.judge(found[1])


def judged_at(view: ConversationView, place: int) -> Judged:
    """An answer of a view with what is said of it, if anything."""
    return view.judged.get(place) or Judged.of(place, view.entry(place).message)
