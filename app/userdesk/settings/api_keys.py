"""API keys: from the environment, a private configuration file, or the system keyring."""

from userdesk.domain.chatbot import ApiKey
from userdesk.settings.model import ApiKeySource
from userdesk.settings.specs import Settings

SERVICE = "userdesk"
_NO_SOURCE = ApiKeySource()


class KeyRing:
    """Looks up and stores the chatbots' keys. The system keyring may ask its user: call from a thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        """What says where keys are; keys entered since the start stay where it is replaced."""
        self._entered: dict[str, ApiKey] = {}

    def api_key(self, bot: str) -> ApiKey | None:
        """The chatbot's key: as entered, from the environment, the file or the system keyring."""
        return self._lookup(bot)[0]

    def origin(self, bot: str) -> str | None:
        """Where the chatbot's key comes from, in words; None where there is none."""
        api_key, origin = self._lookup(bot)
        return origin if api_key else None

    def remember(self, bot: str, api_key: ApiKey) -> None:
        """Use this key until the program ends."""
        self._entered[bot] = api_key

    def store_key(self, bot: str, api_key: ApiKey) -> bool:
        """Use this key from now on; whether the system keyring keeps it beyond this program's end."""
        self.remember(bot, api_key)
        if (username := self._username(bot)) is None:
            return False
        try:
            import keyring

            keyring.set_password(SERVICE, username, api_key.reveal())
        except Exception:  # backends raise what they like: no keyring is no failure
            return False
        return True

    def _lookup(self, bot: str) -> tuple[ApiKey | None, str]:
        if bot in self._entered:
            return self._entered[bot], "entered in this session"
        source = self.settings.api_key_sources.get(bot, _NO_SOURCE)
        if source.value:
            return source.value, f"environment {source.variable}"
        if source.api_key:
            return source.api_key, str(self.settings.config_file)
        return self._from_system(bot), "system keyring"

    def _from_system(self, bot: str) -> ApiKey | None:
        if (username := self._username(bot)) is None:
            return None
        try:
            import keyring

            text = keyring.get_password(SERVICE, username)
        except Exception:  # backends raise what they like: no keyring is no failure
            return None
        return ApiKey(text.strip()) if text and text.strip() else None

    def _username(self, bot: str) -> str | None:
        # A key belongs to one chatbot (userdesk-api.md, "Both endpoints"), whatever its name here.
        chatbot = self.settings.chatbots.get(bot)
        return f"{chatbot.chatbot_id}@{chatbot.base_url}" if chatbot else None
