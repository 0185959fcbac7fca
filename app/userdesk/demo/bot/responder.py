"""Decides what the embedded chatbot answers."""

from collections.abc import Sequence

from userdesk.demo.bot.clarification import ask_back, meant, more
from userdesk.demo.bot.commands import Reply, command_table, is_command, run_command
from userdesk.demo.bot.conversation_memory import recall
from userdesk.demo.bot.knowledge_base import knowledge, knowledge_for_visitors
from userdesk.demo.bot.texts import ready_made

READ = 500
"""Characters of a message that are looked at: what is pasted behind them is no question."""


def welcome(*, for_visitors: bool = False) -> str:
    """What a conversation begins with."""
    return ready_made("welcome_for_visitors" if for_visitors else "welcome")


def answer(
    message: str, said: Sequence[str], user_name: str | None = None, *, for_visitors: bool = False
) -> Reply:
    """The reply to a message after others, oldest first. Raises the `ErrorResponse` that `/fail` asks for.

    `for_visitors`: it is a visitor of `userdesk serve` who asks.
    """
    if is_command(message) and (reply := run_command(message)):
        return reply
    base = knowledge_for_visitors() if for_visitors else knowledge()
    question, before = message[:READ], [earlier[:READ] for earlier in said]
    text = recall(question, before, user_name) or more(question, before, base)
    text = text or "\n\n".join(map(base.text, meant(question, before, base)))
    if not text and (offered := base.look_up(question)):
        text = ask_back(offered)
    if not text and is_command(message):
        text = f"I don't know this command. These are the ones I know:\n\n{command_table()}"
    return Reply(text or ready_made("no_answer_for_visitors" if for_visitors else "no_answer"))
