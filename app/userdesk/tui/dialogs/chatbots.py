"""Chatbots: switch to one, or connect another with its id and key."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from userdesk.domain.chatbot import ApiKey, Chatbot
from userdesk.domain.failure import FailureKind, UserdeskError
from userdesk.domain.safe_text import clean_line
from userdesk.settings.kinds import checked_base_url
from userdesk.tui.dialogs.dialog import Dialog, keys_line, keys_row
from userdesk.tui.terminal.open_widgets import PagedList
from userdesk.tui.widgets.field import Field, KeyField


class ChatbotsScreen(Dialog[str]):
    """The chatbots there are, and a form for one more; the result is the name of the one to talk to.

    `base_url` is the service where no other is given, None where the environment holds no address; `probe`
    tries an id and a key (it raises UserdeskError); `connect` keeps them and gives the chatbot's name.
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
        address = change.base_url if change and change.base_url != base_url else ""
        self._id_field = Field(chatbot_id, id="chatbot-id", compact=True)
        self._key_field = KeyField(placeholder="shown as dots", password=True, id="api-key", compact=True)
        self._name_field = Field(name, placeholder="optional", id="name", compact=True)
        self._address_field = Field(
            address, placeholder="optional" if base_url else "https://…", id="address", compact=True
        )
        self._verdict = Static("", id="verdict", markup=False)
        self._keys = keys_row()

    def compose(self) -> ComposeResult:
        """The list over the form."""
        with VerticalScroll(classes="dialog", id="chatbots", can_focus=False):
            yield Static("Chatbots", classes="dialog-title")
            options = (
                Option(Content(clean_line(f"{bot.name} ({bot.config_name})", 50))) for bot in self._chatbots
            )
            yield PagedList(*options, compact=True)
            changed = self._change and f"Change {clean_line(self._change.name, 30)}"
            yield Static(Content(changed or "Connect a chatbot"), classes="dialog-title")
            yield _labelled("Chatbot id", self._id_field)
            yield _labelled("API key", self._key_field)
            yield _labelled("Name", self._name_field)
            yield _labelled("Address", self._address_field)
            yield self._verdict
            yield self._keys

    def on_mount(self) -> None:
        """To change a key begins at the key."""
        if self._change:
            self._key_field.focus()

    def on_descendant_focus(self) -> None:
        """Say what Enter does there."""
        enter = "connect" if isinstance(self.focused, Field) else "switch"
        self._keys.update(keys_line(("Enter", enter), ("Tab", "next"), ("Esc", "close")))

    @on(OptionList.OptionSelected)
    def chosen(self, event: OptionList.OptionSelected) -> None:
        """Talk to a chatbot that is there."""
        self.dismiss(self._chatbots[event.option_index].config_name)

    @on(Input.Submitted)
    def submitted(self) -> None:
        """Enter connects; where something is missing it says so, and goes there."""
        address = self._address_field.value.strip() or self._base_url
        if not (chatbot_id := self._id_field.value.strip()):
            self._go_to(self._id_field, "Enter the chatbot's id")
        elif not (key := self._key_field.value.strip()):
            self._go_to(self._key_field, "Enter the API key")
        elif not address:
            self._go_to(self._address_field, "USERDESK_BASE_URL is not a valid address: enter one here")
        else:
            try:
                self.connect(chatbot_id, key, self._name_field.value.strip(), checked_base_url(address))
            except ValueError as error:
                self._go_to(self._address_field, f"Address: {error}")

    def _go_to(self, field: Field, why: str) -> None:
        field.focus()
        self._tell(why)

    def _tell(self, words: str) -> None:
        self._verdict.update(words)
        self.call_after_refresh(self._verdict.scroll_visible)

    @work(exclusive=True, exit_on_error=False)
    async def connect(self, chatbot_id: str, key: str, name: str, base_url: str) -> None:
        """Test id and key against the service, then keep them."""
        self._tell("Connecting…")
        base = self._change
        name = name or (base.name if base else f"chatbot {chatbot_id}")
        chatbot = Chatbot(base.config_name if base else "", name, chatbot_id, base_url)
        try:
            await self._probe(chatbot, ApiKey(key))
        except UserdeskError as error:
            words = error.failure.headline
            if error.failure.detail and error.failure.kind is FailureKind.OTHER_STATUS:
                words += f" · {error.failure.detail}"
            self._tell(words)
            return
        self.dismiss(await self._connect(chatbot, ApiKey(key)))


def _labelled(label: str, field: Field) -> Horizontal:
    return Horizontal(Static(label, classes="label", markup=False), field, classes="labelled")
