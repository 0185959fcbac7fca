"""What the controllers do for each other: who listens to whom."""

from unittest.mock import MagicMock

from chat_place import created, streamed
from userdesk.domain.message import Message, Role, now
from userdesk.store.problems import Problem
from userdesk.tui.chat.commands import bind_commands
from userdesk.tui.commands import CommandRegistry
from userdesk.tui.message_log.annotations import FOR_AUDIENCE


async def test_the_log_says_what_helps_by_its_key_and_nothing_to_an_audience(apart) -> None:
    async with apart(created()) as at:
        at.conversations.open(at.at.begin())
        says = at.chat.annotations
        assert (says.remedy_key, says.is_demo, says.times, says.metrics) == ("<remedy>", False, True, True)
        at.presenter.toggle("acme")
        assert at.chat.annotations == FOR_AUDIENCE


async def test_a_question_without_an_answer_is_looked_for_in_other_windows(apart) -> None:
    async with apart(created(), streamed("Hi")) as at:
        at.state.is_loaded = True
        answered, asked = at.at.begin(), at.at.begin()
        for key, role in ((answered, Role.ASSISTANT), (asked, Role.USER)):
            at.views.of(key).add(Message(role=role, text="x", at=now()))
        at.conversations.open(answered)
        await at.settle()
        assert at.polls == 0
        at.conversations.open(asked)
        await at.settle()
        assert at.polls == 1


async def test_damage_is_told_once_and_not_to_an_audience(apart) -> None:
    async with apart() as at:
        at.state.is_loaded = True
        store = at.service.store
        damage = Problem(store.folder.index, "entry 3 can't be read", lasting=True)
        at.presenter.toggle("acme")
        store.folder.tell(damage)
        await at.watcher.poll()
        await at.settle()
        assert at.notices == []
        at.presenter.toggle("acme")
        for _ in range(2):
            await at.watcher.poll()
            await at.settle()
            assert at.notices == [damage.message]
            store.folder.tell(damage)


async def test_the_figures_of_the_conversation_are_told(apart) -> None:
    commands, nothing = CommandRegistry(), MagicMock()
    async with apart(created(), streamed("Hi")) as at:
        bind_commands(commands, nothing, nothing, nothing, at.does, nothing)
        key = at.at.begin()
        at.conversations.open(key)
        await commands.run("figures")
        assert at.flashed == ["No answers with figures yet"]
        at.turns.send(key, "Hello")
        await at.settle()
        await commands.run("figures")
        assert at.flashed[-1].startswith("1 answer · first text ")


async def test_what_can_be_no_conversation_id_is_doubted(apart) -> None:
    commands = CommandRegistry()
    async with apart() as at:
        bind_commands(commands, MagicMock(), MagicMock(), MagicMock(), at.does, MagicMock())
        await commands.run("attach")
        assert at.dialogs.asked[-1][2] == "conversationId"
        assert [at.dialogs.doubt(line) for line in ("ea74ba3d-6645", "42")] == ["", ""]
        assert at.dialogs.doubt("reset a password 2") and at.dialogs.doubt("password")


async def test_what_is_not_saved_stays_in_sight_when_the_next_turn_begins(apart) -> None:
    async with apart(created(), streamed("Hi"), streamed("Hi")) as at:
        key = at.at.begin()
        at.conversations.open(key)
        at.service.store.folder.read_only = True
        for _ in range(2):
            at.status.release()
            at.turns.send(key, "Hello")
            await at.settle()
        assert at.status.news.startswith("Read-only: written by a newer userdesk")
