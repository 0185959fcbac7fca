"""Decides what the embedded chatbot answers."""

from collections.abc import Sequence

from userdesk.demo.bot.clarification import ask_back, meant, more
from userdesk.demo.bot.commands import command_table, is_command, run_command
from userdesk.demo.bot.conversation_memory import recall
from userdesk.demo.bot.knowledge_base import knowledge
from userdesk.demo.bot.reply import Reply

WELCOME = """\
Hello! I'm the **demo chatbot** embedded in userdesk: I know this program. Three things to try:

- *How do I start a new conversation?*
- *Where are my conversations stored?*
- `/markdown` shows all that an answer may have

**F1** has every key. **F9** connects a chatbot of yours.

More to send: `/unicode`, `/long N`, `/slow`, `/drop`, `/fail 400`, `400-conversation`, `401`, \
`401-missing`, `403`, `429`, `500`, `502` or `json`."""

MISSING_RESPONSE = """\
I have no answer to that in my training data: I only know this program, and only English. You could ask

- *What are the keys?*
- *How do I connect my own chatbot?*
- *What happens when the connection breaks?*

or send `/help` to see what I can show. **F9** connects a chatbot that knows more."""

READ = 500
"""Characters of a message that are looked at: what is pasted behind them is no question."""


def answer(message: str, said: Sequence[str], user_name: str | None = None) -> Reply:
    """The reply to a message, given the earlier ones of its conversation, oldest first.

    Raises the `ErrorResponse` that a message such as `/fail 500` asks for.
    """
    if is_command(message) and (reply := run_command(message)):
        return reply
    base, question, before = knowledge(), message[:READ], [earlier[:READ] for earlier in said]
    text = recall(question, before, user_name) or more(question, before, base)
    text = text or "\n\n".join(map(base.text, meant(question, before, base)))
    if not text and (offered := base.look_up(question)):
        text = ask_back(offered)
    if not text and is_command(message):
        text = f"I don't know this command. These are the ones I know:\n\n{command_table()}"
    return Reply(text or MISSING_RESPONSE)
