"""A chatbot that the configuration, the environment or the program itself provides."""

from typing import NamedTuple

from userdesk.domain.secret_mask import KNOWN

USERDESK_URL = "https://api.userdesk.io"  # userdesk-api.md, "Both endpoints"
DEMO_BOT = "demo"
ENV_BOT = "env"


class ApiKey:
    """A chatbot's API key; shows itself as `…last4`, and is masked in all that is shown once it is made."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        KNOWN.know(value, str(self))

    def reveal(self) -> str:
        """The key itself, for the Authorization header and the keyring alone."""
        return self._value

    def __str__(self) -> str:
        return f"…{self._value[-4:]}" if len(self._value) >= 12 else "…"

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ApiKey) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


class Chatbot(NamedTuple):
    """Where messages of a conversation go. The key is looked up apart, when it is needed."""

    config_name: str
    """Its name in the configuration; `env` and `demo` are reserved."""
    name: str
    """How it is shown."""
    chatbot_id: str
    base_url: str = USERDESK_URL

    @property
    def is_demo(self) -> bool:
        """Whether this is the embedded demo chatbot."""
        return self.config_name == DEMO_BOT

    @property
    def foreign_base_url(self) -> str | None:
        """The base URL of a service other than Userdesk's own; the demo's, a new one each start, is none."""
        return None if self.is_demo or self.base_url == USERDESK_URL else self.base_url


class User(NamedTuple):
    """Who chats: sent as `userName` and `userEmail` where set (userdesk-api.md)."""

    name: str = ""
    email: str = ""
