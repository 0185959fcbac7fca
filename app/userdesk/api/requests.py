"""Paths, headers and bodies of the two requests (userdesk-api.md, "Both endpoints"), also for a shell."""

import json
import re
from typing import NamedTuple
from urllib.parse import quote

from userdesk import __version__
from userdesk.domain.chatbot import ApiKey, Chatbot, User
from userdesk.domain.failure import configuration_error
from userdesk.domain.safe_text import clean, encodable
from userdesk.domain.secret_mask import KNOWN

# In double quotes, for the shell to put the key in; what it stands for is never in the text.
_AUTHORIZATION = '"Authorization: Bearer $USERDESK_API_KEY"'


class Request(NamedTuple):
    """A POST to a path below the base URL."""

    path: str
    body: bytes
    streamed: bool = False
    carries_conversation: bool = False
    """Whether it is well-formed and names a conversation: then a 400 speaks of that."""


def create_request(chatbot: Chatbot, user: User) -> Request:
    """`POST /v1/chatbot/<chatbot_id>/conversation`. Raises UserdeskError where the chatbot has no id."""
    return Request(_path(chatbot, "conversation"), _body(_user_fields(user)))


def message_request(
    chatbot: Chatbot, user: User, text: str, conversation_id: str | None, *, streamed: bool
) -> Request:
    """`POST /v1/chatbot/<chatbot_id>/message`; without an id a conversation begins. Raises UserdeskError."""
    fields: dict[str, object] = {"message": encodable(text)}
    if streamed:
        fields["stream"] = True
    if conversation_id:
        fields["conversationId"] = encodable(conversation_id)
    return Request(
        _path(chatbot, "message"),
        _body(fields | _user_fields(user)),
        streamed,
        carries_conversation=bool(conversation_id and text.strip()),
    )


def curl_command(chatbot: Chatbot, user: User, text: str, conversation_id: str | None) -> str:
    """The request that sends a message as a shell command, streamed where its conversation is known.

    Whatever stands in the message reaches the server and not the shell. Raises UserdeskError where
    no request could be made.
    """
    from shlex import quote as shell_quote

    from userdesk.api.address import address_of  # imports httpx, which a start does without

    request = message_request(chatbot, user, text, conversation_id, streamed=bool(conversation_id))
    url = address_of(chatbot.base_url).base_url + request.path
    body = re.sub("[^\n -~]", _escaped, request.body.decode())
    parts = [
        f"curl --no-buffer --globoff --request POST {shell_quote(url)}",
        f"--header {_AUTHORIZATION}",
        f"--header {shell_quote('Content-Type: application/json')}",
        f"--data-raw {shell_quote(body)}",
    ]
    return KNOWN.whole(" \\\n  ".join(parts))  # a message may hold a key too


def headers(api_key: ApiKey | None, *, streamed: bool) -> dict[str, str]:
    """The request's headers. Raises UserdeskError where the key cannot stand in one."""
    fields = {"Content-Type": "application/json", "User-Agent": f"userdesk/{__version__}"}
    # An intermediary that compresses would hold text back.
    fields["Accept-Encoding"] = "identity" if streamed else "gzip, deflate"
    secret = api_key.reveal().strip() if api_key else ""
    if not all("!" <= character <= "~" for character in secret):
        raise configuration_error("The API key contains invalid characters")
    if secret:
        fields["Authorization"] = f"Bearer {secret}"
    return fields


def _path(chatbot: Chatbot, endpoint: str) -> str:
    segment = quote(encodable(chatbot.chatbot_id), safe="")
    if not segment:
        raise configuration_error(f"The chatbot {chatbot.config_name} has no chatbot id")
    if segment in (".", ".."):  # as they stand these would be taken as steps through the path
        segment = segment.replace(".", "%2E")
    return f"/v1/chatbot/{segment}/{endpoint}"


def _user_fields(user: User) -> dict[str, object]:
    fields = {"userName": user.name, "userEmail": user.email}
    return {name: encodable(value) for name, value in fields.items() if value}


def _body(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def _escaped(found: re.Match[str]) -> str:
    """A character that a terminal would obey or not show, as JSON writes it; any other as it is."""
    character = found[0]
    if clean(character) == character:
        return character
    units = character.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
