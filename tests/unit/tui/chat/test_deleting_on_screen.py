"""Conversations that are deleted, brought back, or removed for good."""

from datetime import UTC, datetime

import pytest

from chat_place import answered, created, streamed
from saved_apart import elsewhere, save
from userdesk.domain.conversation import ConversationKey
from userdesk.domain.message import Message, Role, Status
from userdesk.tui.chat.trash import STAYS_IN_TRASH

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)


async def test_deleting_goes_on_to_the_neighbour_and_can_be_undone(apart) -> None:
    async with apart(created()) as at:
        save(at, "a", "b", "c")
        at.conversations.open("b")
        at.state.failed.add("b")
        at.input.type("half")
        assert await at.trash.delete("b") == "a"
        await at.settle()
        assert (at.current, at.state.failed) == ("a", set())
        assert at.toast.told.headline == "Deleted “About b”" and at.toast.told.detail == STAYS_IN_TRASH
        assert at.toast.told.step == "<remedy> restore it"
        assert at.toast.told.detail.startswith("In the trash for 30 days. Userdesk keeps its own copy: ")
        assert (at.toast.seconds, at.toast.is_offer) == (10.0, True)
        assert elsewhere(at).get("b") is None
        await at.recovery.act()
        await at.settle()
        assert (at.current, at.input.whole_text) == ("b", "half")
        assert at.flashed == ["Restored"] and not at.toast.display
        at.trash.undo()
        assert at.flashed == ["Nothing to undo · <restore> opens the trash"]


async def test_what_another_window_brought_back_is_not_offered_any_more(apart) -> None:
    async with apart(created()) as at:
        save(at, "a", "b", "c")
        for key in ("a", "b"):
            await at.trash.delete(key)
        await at.settle()
        elsewhere(at).restore("b")
        at.service.store.reload()
        await at.trash.settle()
        assert not at.toast.display and at.trash.can_undo, "the one before can still be undone"
        elsewhere(at).restore("a")
        at.service.store.reload()
        await at.trash.settle()
        assert not at.trash.can_undo


async def test_before_an_audience_a_deleted_conversation_has_no_title(apart) -> None:
    async with apart(created()) as at:
        save(at, "a", "b")
        at.conversations.open("a")
        at.presenter.toggle("acme")
        assert await at.trash.delete("b") == "a"
        assert at.toast.told.headline == "Deleted" and "About" not in str(at.toast.told)
        assert at.current == "a"
        await at.settle()


async def test_what_is_unsent_names_a_blank_conversation(apart) -> None:
    async with apart(created("c1")) as at:
        save(at, "a")
        at.conversations.start()
        blank = at.current
        at.input.type("How do I pay\nby card?")
        titles = {row.key: row.text for row in at.directory.rows()}
        assert titles[blank] == "New conversation", "while it is being written"
        at.conversations.open("a")
        titles = {row.key: row.text for row in at.directory.rows()}
        assert (titles[blank], titles["a"]) == ("How do I pay", "About a")
        await at.settle()


async def test_the_last_conversation_leaves_a_new_one(apart) -> None:
    async with apart(created("c1")) as at:
        save(at, "a")
        at.conversations.open("a")
        assert await at.trash.delete("a") == ""
        await at.settle()
        assert at.current not in ("", "a")
        assert await at.trash.delete("none") is None


async def test_what_was_never_kept_goes_without_an_undo_but_not_its_draft(apart) -> None:
    async with apart(created("c1"), created("c2")) as at:
        save(at, "a")
        conversation = at.service.start_conversation(at.at.chatbot)
        at.conversations.open(conversation.key)
        at.input.type("half")
        assert await at.trash.delete(conversation.key) == "a"
        await at.settle()
        assert not at.toast.display and "half" in at.input.recall.prompts


async def test_what_is_answered_right_now_is_not_deleted(apart) -> None:
    async with apart(created(), streamed("Hello")) as at:
        key = at.at.begin()
        at.conversations.open(key)
        turn = at.service.send(key, "Hi")
        assert await at.trash.delete(key) is None
        assert at.status.flashed == [("The answer is still arriving: stop it first", True)]
        await turn.wait_ended()
        await at.settle()


async def test_what_another_window_deleted_is_left_for_another_conversation(apart) -> None:
    async with apart(created()) as at:
        save(at, "a", "b")
        at.conversations.open("b")
        elsewhere(at).delete("b")
        at.service.store.reload()
        at.sidebar.editing = True
        assert await at.trash.settle() and at.current == "b"
        at.sidebar.editing = False
        at.input.type("half")
        assert await at.trash.settle() and at.current == "b"
        assert at.status.news == "Deleted in another window · <send> sends this and restores it"
        at.input.put("")
        assert await at.trash.settle()
        await at.settle()
        assert at.current == "a"
        assert at.toast.told.headline == "“About b” was deleted in another window"
        assert not await at.trash.settle() and at.status.news == ""
        at.trash.undo()
        await at.settle()
        assert at.current == "b"


async def test_before_an_audience_another_windows_deletion_names_nothing(apart) -> None:
    async with apart(created("c1")) as at:
        save(at, "a", "b")
        at.conversations.open("b")
        at.presenter.toggle("acme")
        elsewhere(at).delete("b")
        at.service.store.reload()
        await at.trash.settle()
        await at.settle()
        assert at.current not in ("a", "b"), "another conversation is none of its business"
        assert at.toast.told.headline == "This conversation was deleted in another window"


async def test_what_is_gone_for_good_is_told_so(apart) -> None:
    async with apart(created()) as at:
        save(at, "a", "b")
        at.conversations.open("a")
        at.service.store.erase(["b"])
        at.trash.tell_deleted("b")
        await at.settle()
        assert at.status.flashed == [("This conversation was removed for good in another window", True)]
        at.service.delete("a")
        await at.settle()


async def test_the_trash_can_be_looked_into(apart) -> None:
    async with apart(created()) as at:
        save(at, "a", "b")
        at.conversations.open("a")
        await at.trash.look_into()
        assert at.flashed == ["The trash is empty"]
        await at.trash.delete("b")
        await at.trash.look_into()  # at once: it may still be on its way to the disk
        ((title, lines, take, about),) = at.dialogs.asked
        assert (title, take, about) == ("Deleted conversations", "restore", STAYS_IN_TRASH)
        assert len(lines) == 1 and lines[0].startswith("About b · Today ")
        at.dialogs.then(0)
        await at.settle()
        assert at.current == "b"


async def test_what_is_not_in_the_trash_any_more_is_told(apart) -> None:
    async with apart(created()) as at:
        save(at, "a", "b")
        at.conversations.open("a")
        await at.trash.delete("b")
        await at.settle()
        at.service.store.trash.empty()
        at.trash.undo()
        await at.settle()
        assert at.status.flashed[-1] == ("This conversation is no longer in the trash", True)


# removing for good


async def test_removing_for_good_takes_a_typed_word_and_goes_on_elsewhere(apart) -> None:
    async with apart(created("c1")) as at:
        save(at, "a", "b")
        at.service.store.update("a", lambda saved: saved.evolve(bot="demo"))
        at.conversations.open("b")
        at.input.type("half")
        await at.purging.purge()
        question, lines = at.dialogs.asked[-1]
        assert question == "Remove for good"
        assert lines == [
            "the trash (0)",
            "all conversations with Acme (1)",
            "everything: conversations, drafts, earlier prompts, the log",
        ]
        at.dialogs.then(1)
        assert at.dialogs.asked[-1][1].startswith("This removes all conversations with Acme (1). ")
        at.dialogs.then("yes")
        await at.settle()
        assert at.flashed[-1] == "Nothing was removed: “remove” was not typed"
        assert len(at.service.store.conversations()) == 2
        at.dialogs.then("Remove")
        shown: list[list[ConversationKey]] = []
        at.state.on_changed.append(lambda: shown.append(at.directory.order()))
        await at.settle()
        assert shown[-1] == ["a"] and at.flashed[-1] == "Removed 1 conversation"
        assert {each.key for each in at.service.store.conversations()} == {"a"}
        assert (at.current, at.input.whole_text) == ("a", "")
        assert not at.service.store.trash.keys()


async def test_earlier_prompts_go_with_everything(apart) -> None:
    async with apart(created("c1")) as at:
        save(at, "a")
        at.prompts.add("What was asked")
        at.prompts.refresh()
        await at.settle()
        assert list(at.input.recall.prompts) == ["What was asked"]
        await at.purging.purge()
        at.dialogs.then(2)
        at.dialogs.then("remove")
        await at.settle()
        assert list(at.input.recall.prompts) == [] and at.service.store.history.entries() == []


async def test_nothing_is_removed_while_an_answer_arrives(apart) -> None:
    async with apart(created(), streamed("Hello")) as at:
        turn = at.service.send(at.at.begin(), "Hi")
        await at.purging.purge()
        assert at.dialogs.asked == []
        assert at.status.flashed == [("An answer is still arriving: stop it first", True)]
        await turn.wait_ended()


@pytest.mark.parametrize("status", [Status.FAILED, Status.COMPLETE])
async def test_a_conversation_that_comes_back_has_its_failure_again(apart, status: Status) -> None:
    async with apart(answered("x")) as at:
        save(at, "a", "b")
        last = Message(role=Role.ASSISTANT, text="", at=AT, status=status)
        at.service.store.transcript("b").append(last)
        at.conversations.open("a")
        await at.trash.delete("b")
        await at.settle()
        at.trash.undo()
        await at.settle()
        assert at.state.failed == ({"b"} if status is Status.FAILED else set())
