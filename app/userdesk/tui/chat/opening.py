"""Which conversation is on the screen: the first one, another one, a new one."""

import asyncio
import contextlib

from textual import work
from textual.content import Content
from textual.worker import Worker

from userdesk.chat.events import Greeted
from userdesk.domain.chatbot import DEMO_BOT
from userdesk.domain.conversation import Conversation, attached_title
from userdesk.domain.failure import UserdeskError
from userdesk.domain.safe_text import clean_line
from userdesk.settings import Options, Settings
from userdesk.store import Problem, StoreError
from userdesk.tui.chat.chat_parts import ChatParts
from userdesk.tui.sidebar.rows import title_of

RECENCY_EVERY = 15  # looks around until all transcripts' times are read again


class OpeningActions(ChatParts):
    """Opens conversations and names them; turns in others go on."""

    _title = Content("")
    _looks = 0
    _look: Worker[None] | None = None
    _look_again = False

    def greet(self) -> None:
        """At start: name the chatbot before its conversations are read; what is typed meanwhile is kept."""
        self.greeted_bot = self.userdesk.settings.start_bot
        if chatbot := self.service.registry.get(self.greeted_bot):
            self.input_bar.address(clean_line(chatbot.name, 40))

    def open_conversation(self, key: str) -> None:
        """Show a conversation; turns in others go on."""
        conversation = self.service.conversation(key)
        if conversation is None:
            return
        self.input_bar.settle()
        typed_early = "" if self.input_bar.key else self.input_bar.whole_text
        if self.board.current and self.board.current != key:
            self.keep_draft()
        self.board.current = self.input_bar.key = key
        self.service.retain(key)
        if key in self.board.unread:
            self.board.unread.discard(key)
            self.unread_changed(key)
        self.log_view.bubbles.annotations = self.annotations
        self.log_view.show(self.board.view(key))
        self._address(conversation)
        self.load_draft(key)
        if typed_early:
            self.input_bar.put(self.board.draft(key) + typed_early)
        self.toast.dismiss()
        self.conversations_changed()
        self.sidebar.list.active = key
        self.find_anew()
        if self.board.view(key).ends_with_question and not self.service.holds(key):
            self.poll()  # the answer may be arriving in another window

    def open_first(self, settings: Settings, options: Options) -> None:
        """At start: the most recent conversation, or the first one with the chatbot."""
        bot = settings.start_bot
        self.remember_prompts()
        first = self.board.most_recent(bot if settings.bot_chosen else None)
        if options.conversation:
            self.attach(options.conversation)
        elif first:
            self.open_conversation(first.key)
        else:
            self.start_conversation(bot)
        if bot == DEMO_BOT and not settings.chatbots:
            self.status.hold("This is the embedded demo chatbot · F9 connects a real one")
        if self.service.store.read_only:
            self.remind_of_version()
        self.send_typed_ahead()

    def talk_to(self, bot: str) -> None:
        """Go to the most recent conversation with a chatbot, or start one."""
        if conversation := self.board.most_recent(bot):
            self.open_conversation(conversation.key)
            self.input_bar.focus()
        else:
            self.start_conversation(bot)

    def start_conversation(self, bot: str | None = None) -> None:
        """A new conversation with a chatbot; one without a user message is used again."""
        current = self.board.conversation
        chatbot = self.service.registry.get(
            bot or (current.bot if current else self.userdesk.settings.start_bot)
        )
        if chatbot is None:
            chatbot = self.service.registry.get(self.userdesk.settings.start_bot)
        if chatbot is None:
            return
        if current and current.belongs_to(chatbot) and not self.was_spoken_in(current.key):
            self.input_bar.focus()
            if current.id is None and not self.service.holds(current.key):
                self.create_on_server(current.key)
            return
        for conversation in self.service.unsaved():
            if conversation.belongs_to(chatbot) and not self.was_spoken_in(conversation.key):
                self.open_conversation(conversation.key)
                self.input_bar.focus()
                return
        conversation = self.service.start_conversation(chatbot)
        self.show_all_conversations()
        self.open_conversation(conversation.key)
        self.input_bar.focus()
        self.create_on_server(conversation.key)

    def was_spoken_in(self, key: str) -> bool:
        """Whether the user, or somebody elsewhere, said anything in a conversation."""
        conversation = self.service.conversation(key)
        if conversation and conversation.title == attached_title(conversation.id or ""):
            return True  # by somebody, elsewhere
        return self.board.view(key).has_user_message or bool(self.service.turns(key))

    @work(exit_on_error=False)
    async def create_on_server(self, key: str) -> None:
        """Ask for the conversation's id and welcome message."""
        self._say_empty("Saying hello…", key)
        try:
            happened = await self.service.create(key)
        except UserdeskError as error:
            self._say_empty("", key)
            if not self.service.turns(key) and self.service.conversation(key):  # else deleted meanwhile
                self.board.creation_failures[key] = error.failure
                self.turn_failed(key, error.failure)
            return
        self.board.creation_failures.pop(key, None)
        self.board.failed.discard(key)
        self._say_empty("", key)
        for event in happened:
            if isinstance(event, Greeted):
                self.board.view(key).add(event.message)
        self.board.recency.happened(key)
        self.conversations_changed()

    def watch_folder(self) -> None:
        """Time for another look around, unless the disk is so slow that the last one is still under way."""
        if self._look is None or self._look.is_finished:
            self.poll()

    def poll(self) -> Worker[None]:
        """What other processes did to the data folder: their conversations appear, ours get their news.

        A look that is under way comes to its end, and is followed by another one.
        """
        self._look_again = True
        if self._look is None or self._look.is_finished:
            self._look = self.run_worker(self._keep_looking(), group="watch", exit_on_error=False)
        return self._look

    async def _keep_looking(self) -> None:
        while self._look_again:
            self._look_again = False
            await self._look_once()

    async def _look_once(self) -> None:
        if not self.board.is_loaded:
            return
        changed = await asyncio.to_thread(self._read_anew)
        changed |= self.board.apply_snapshot(await asyncio.to_thread(self.board.news))
        key = self.board.current
        if key and not self.service.holds(key):
            transcript = self.service.store.transcript(key)
            if await asyncio.to_thread(transcript.refresh):
                self.board.recency.happened(key)
                changed = True
            if self.board.sync(key) and key == self.board.current:
                self.log_view.show(self.board.view(key))
            view = self.board.view(key)
            if view.ends_with_question:
                elsewhere = await asyncio.to_thread(self.service.store.is_answered_elsewhere, key)
                view.is_answered_elsewhere(elsewhere)
        if self.settle_deletions() or changed:
            self.conversations_changed()
        if not self.on_stage and (met := self.service.store.take_problems()):
            self._tell_untold(met)

    @work(group="notices", exit_on_error=False)
    async def _tell_untold(self, met: list[Problem]) -> None:
        """Of what stays damaged only what no earlier start has told of."""
        for problem in await asyncio.to_thread(self.service.store.told.untold, met):
            self.app.notify(problem.words, title="Please check", severity="warning", markup=False)

    def open_another(self) -> None:
        """The conversation on the screen is gone: show the most recent one; on stage a new one."""
        self.board.current = ""
        settings = self.userdesk.settings
        first = self.board.most_recent(settings.start_bot if settings.bot_chosen else None)
        if self.on_stage or not first:
            self.start_conversation(self.stage_bot if self.on_stage else settings.start_bot)
        else:
            self.open_conversation(first.key)

    def _read_anew(self) -> bool:
        """Whether conversations changed; a list that was removed with its folder is written again."""
        with contextlib.suppress(StoreError):  # a disk that takes nothing is told of by what is written
            self.service.store.bring_back()
        changed = self.service.store.reload()
        self._looks += 1
        if changed or self._looks % RECENCY_EVERY == 0:
            changed = self.board.recency.refresh() or changed
        return changed

    def _say_empty(self, words: str, key: str) -> None:
        if key == self.board.current:
            greeting = "Ask anything." if self.on_stage else "Ask anything. Enter sends, F1 helps."
            self.log_view.empty_words = words or greeting
            self.log_view.redraw()

    def _address(self, conversation: Conversation) -> None:
        """Name the chatbot in the title and the input bar, or say why nothing can be sent."""
        chatbot = self.service.registry.get(conversation.bot)
        name = clean_line(chatbot.name if chatbot else conversation.bot, 40)
        self._show_title(name, conversation)
        if self.service.registry.for_conversation(conversation):
            self.input_bar.address(name)
        elif not conversation.bot:
            self.input_bar.refuse("Which chatbot this was with is not known: it can only be read")
        elif chatbot is None:
            self.input_bar.refuse(f"The chatbot “{name}” is not configured: F9 connects it")
        else:
            self.input_bar.refuse(f"“{name}” is another chatbot now: this conversation can only be read")

    def _show_title(self, name: str, conversation: Conversation) -> None:
        about = "" if self.on_stage else f"  {title_of(conversation)}"
        title = Content.assemble((name, "bold"), (about, "$dim"))
        if title != self._title:
            self._title = title
            self.title_line.update(title)
