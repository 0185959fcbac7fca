"""Chatbots: switch to one, or connect another with its id and key."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from userdesk.domain.chatbot import ApiKey, Chatbot
from userdesk.domain.failure import FailureKind, UserdeskError
from userdesk.domain.safe_text import clean_line
from userdesk.tui.dialogs.dialog import Dialog, keys_row
from userdesk.tui.terminal.open_widgets import PagedList
from userdesk.tui.widgets.field import Field, KeyField


class ChatbotsScreen(Dialog[str]):
    """The chatbots there are, and a form for one more; the result is the name of the one to talk to.

    `base_url` is the service of a new one, None where the environment holds no address; `probe` tries an
    id and a key (it raises UserdeskError); `connect` keeps them and gives the name the chatbot goes by.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f9", "leave", "Close")]

    def __init__(
        self,
        chatbots: list[Chatbot],
        base_url: str | None,
        probe: Callable[[Chatbot, ApiKey], Awaitable[None]],
        connect: Callable[[Chatbot, ApiKey], Awaitable[str]],
        *,
        change: Chatbot | None = None,
    ) -> None:
        super().__init__()
        self._chatbots = chatbots
        self._base_url = base_url
        self._probe = probe
        self._connect = connect
        self._change = change
        """The chatbot whose id or key is to be changed."""
        chatbot_id, name = (clean_line(change.chatbot_id), clean_line(change.name)) if change else ("", "")
        self._id_field = Field(chatbot_id, placeholder="chatbot id", id="chatbot-id", compact=True)
        self._key_field = KeyField(
            placeholder="API key (shown as dots)", password=True, id="api-key", compact=True
        )
        self._name_field = Field(name, placeholder="name to show (optional)", id="name", compact=True)
        self._verdict = Static("", id="verdict", markup=False)

    def compose(self) -> ComposeResult:
        """The list over the form."""
        with VerticalScroll(classes="dialog", id="chatbots", can_focus=False):
            yield Static("Chatbots", classes="dialog-title")
            options = (
                Option(Content(clean_line(f"{bot.name} ({bot.config_name})", 50))) for bot in self._chatbots
            )
            yield PagedList(*options, compact=True)
            changed = self._change and f"Change {clean_line(self._change.name, 30)}"
            yield Static(Content(changed or "Connect a chatbot of yours"), classes="dialog-title")
            yield self._id_field
            yield self._key_field
            yield self._name_field
            yield self._verdict
            yield keys_row(("Enter", "choose or connect"), ("Tab", "next field"), ("Esc", "close"))

    def on_mount(self) -> None:
        """To change a key begins at the key."""
        if self._change:
            self._key_field.focus()

    @on(OptionList.OptionSelected)
    def chosen(self, event: OptionList.OptionSelected) -> None:
        """Talk to a chatbot that is there."""
        self.dismiss(self._chatbots[event.option_index].config_name)

    @on(Input.Submitted)
    def submitted(self, event: Input.Submitted) -> None:
        """Enter on the key or the name connects; on the id it goes on."""
        chatbot_id = self._id_field.value.strip()
        key = self._key_field.value.strip()
        if not chatbot_id:
            self._id_field.focus()
        elif not key:
            self._key_field.focus()
        else:
            self.connect(chatbot_id, key, self._name_field.value.strip())

    @work(exclusive=True, exit_on_error=False)
    async def connect(self, chatbot_id: str, key: str, name: str) -> None:
        """Test id and key against the service, then keep them."""
        verdict = self._verdict
        base = self._change
        base_url = base.base_url if base else self._base_url
        if base_url is None:
            verdict.update("USERDESK_BASE_URL holds no address: correct it, then start again")
            return
        verdict.update("Asking Userdesk…")
        name = name or (base.name if base else "")
        chatbot = Chatbot(
            base.config_name if base else "", name or f"chatbot {chatbot_id}", chatbot_id, base_url
        )
        try:
            await self._probe(chatbot, ApiKey(key))
        except UserdeskError as error:
            words = error.failure.headline
            if error.failure.detail and error.failure.kind is FailureKind.OTHER_STATUS:
                words += f" · {error.failure.detail}"
            verdict.update(words)
            self.call_after_refresh(verdict.scroll_visible)
            return
        self.dismiss(await self._connect(chatbot, ApiKey(key)))
