"""Decides what the embedded chatbot answers."""

from collections.abc import Sequence

from userdesk.demo.bot.clarification import QUESTION_LENGTH, ask_back, follow_up
from userdesk.demo.bot.commands import is_command, run_command
from userdesk.demo.bot.conversation_memory import recall
from userdesk.demo.bot.knowledge_base import knowledge
from userdesk.demo.bot.reply import Reply

WELCOME = """\
Hello! I'm the **demo chatbot** embedded in userdesk. Ask me about this program:

- *How do I start a new conversation?*
- *Where are my conversations stored?*

I can show `/markdown`, `/unicode`, `/long N`, `/slow`, `/drop`, and fail with `/fail 400`, \
`400-conversation`, `401`, `401-missing`, `403`, `429`, `500`, `502` or `json`.

**F9** connects a real chatbot."""

MISSING_RESPONSE = """\
I have no answer to that in my training data: I only know this program, and only English. You could ask

- *What are the keys?*
- *How do I connect my own chatbot?*
- *What happens when the connection breaks?*

or send `/help` to see what I can show. **F9** connects a chatbot that knows more."""


def answer(message: str, said: Sequence[str], user_name: str | None = None) -> Reply:
    """The reply to a message, given the earlier ones of its conversation, oldest first.

    Raises the `ErrorResponse` that a message such as `/fail 500` asks for.
    """
    if is_command(message):
        return run_command(message)
    if remembered := recall(message, said, user_name):
        return Reply(remembered)
    if followed := follow_up(message, said, knowledge()):
        return Reply(followed)
    return Reply(_known(message[:QUESTION_LENGTH]))


def _known(question: str) -> str:
    found = knowledge().look_up(question)
    if found.title:
        return knowledge().text(found.title)
    return ask_back(found.instead) if found.instead else MISSING_RESPONSE
