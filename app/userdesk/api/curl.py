"""A request as a shell command, for a support ticket: the key stays in the environment."""

import re
import shlex

from userdesk.api.address import address_of
from userdesk.api.requests import message_request
from userdesk.domain.chatbot import Chatbot, User
from userdesk.domain.safe_text import clean
from userdesk.domain.secret_mask import KNOWN

# In double quotes, for the shell to put the key in; what it stands for is never in the text.
_AUTHORIZATION = '"Authorization: Bearer $USERDESK_API_KEY"'
_BEYOND_ASCII = re.compile("[^\n -~]")


def curl_command(chatbot: Chatbot, user: User, text: str, conversation_id: str | None) -> str:
    """The request that sends a message, streamed where it goes to a known conversation.

    Whatever stands in the message reaches the server and not the shell. Raises UserdeskError where
    no request could be made.
    """
    request = message_request(chatbot, user, text, conversation_id, streamed=bool(conversation_id))
    url = address_of(chatbot.base_url).base_url + request.path
    parts = [
        f"curl --no-buffer --globoff --request POST {shlex.quote(url)}",
        f"--header {_AUTHORIZATION}",
        f"--header {shlex.quote('Content-Type: application/json')}",
        f"--data-raw {shlex.quote(_BEYOND_ASCII.sub(_escaped, request.body.decode()))}",
    ]
    return KNOWN.whole(" \\\n  ".join(parts))  # a message may hold a key too


def _escaped(found: re.Match[str]) -> str:
    """A character that a terminal would obey or not show, as JSON writes it; any other as it is."""
    character = found[0]
    if clean(character) == character:
        return character
    units = character.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
