"""Two chatbots side by side: each answers in a conversation of its own, and fails for itself."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from demo_server import DemoServer
from program_driver import ProgramDriver
from userdesk.domain.chatbot import DEMO_BOT

Begin = Callable[..., contextlib.AbstractAsyncContextManager[ProgramDriver]]


@pytest.fixture
def other() -> Iterator[DemoServer]:
    """The service of the second chatbot."""
    with DemoServer(key="other-key") as running:
        yield running


@pytest.fixture
def begin(server: DemoServer, other: DemoServer, open_ui, monkeypatch: pytest.MonkeyPatch) -> Begin:
    """Starts the program with two chatbots, side by side unless `beside` says otherwise."""
    monkeypatch.setenv("OTHER_KEY", other.key)
    config = f"""
[bots.new]
name = "Acme, new"
chatbot_id = "{DEMO_BOT}"
base_url = "{other.base_url}"
api_key_env = "OTHER_KEY"
"""

    @contextlib.asynccontextmanager
    async def start(*, beside: str | None = "new", **how: object) -> AsyncIterator[ProgramDriver]:
        async with open_ui(server.base_url, config=config, greeted=not beside, beside=beside, **how) as ui:
            if beside:
                await ui.until(lambda: ui.is_beside and all("demo chatbot" in side for side in ui.sides))
                await ui.created()
            yield ui

    return start


async def both_say(ui: ProgramDriver, left: str, right: str) -> None:
    await ui.until(lambda: left in ui.sides[0] and right in ui.sides[1], f"{left!r} and {right!r}")


async def test_a_message_goes_to_both_and_each_conversation_is_saved(
    server: DemoServer, other: DemoServer, begin: Begin
) -> None:
    server.answer_next("In three days, as a rule.")
    other.answer_next("In five days, as a rule.")
    async with begin() as ui:
        await ui.sees("Acme support", "Acme, new", "Message Acme support and Acme, new…")
        await ui.say("When does it come?")
        await both_say(ui, "In three days", "In five days")
        await ui.idle()
        await ui.saved()
        await ui.sees("87 % alike")
        assert all("chars" in side for side in ui.sides)
        keys = ui.side_keys
        assert [ui.said(key) for key in keys] == [["When does it come?"]] * 2
        await ui.until(lambda: ui.prompts == ["When does it come?"])
        await ui.type("and then")
        await ui.press("escape")
        await ui.closes()
        await ui.logs("In three days")
        assert ui.draft == "and then" and ui.current == keys[0]
        await ui.until(lambda: sum("When does" in row for row in ui.sidebar) == 2)
        saved = {entry["key"]: entry["bot"] for entry in ui.index}
        assert [saved[key] for key in keys] == ["env", "new"]


async def test_one_fails_by_name_and_is_retried_while_the_other_goes_on(
    server: DemoServer, other: DemoServer, begin: Begin
) -> None:
    async with begin() as ui:
        server.answer_next([b"In three ", b"days."])
        server.hold(1)
        other.fail_next(500)
        await ui.say("When?")
        await ui.toasts("Acme, new: 500 · An error occurred on the server", "Ctrl+R retry")
        await both_say(ui, "In three", "✗ failed · 500")
        assert "failed" not in ui.sides[0]
        other.answer_next("In five days.")
        await ui.press("ctrl+r")
        await both_say(ui, "In three", "In five days.")
        assert "days" not in ui.sides[0]
        server.release()
        await both_say(ui, "In three days.", "In five days.")
        await ui.idle()
        assert [len(ui.said(key)) for key in ui.side_keys] == [1, 1]


async def test_without_a_toast_the_side_that_failed_is_retried(
    server: DemoServer, other: DemoServer, begin: Begin
) -> None:
    async with begin() as ui:
        server.fail_next(500)
        other.answer_next("In five days.")
        await ui.say("When?")
        await ui.toasts("Acme support: 500")
        await ui.idle()
        await ui.press("escape")
        await ui.until(lambda: not ui.toast)
        server.answer_next("In three days.")
        await ui.press("ctrl+r")
        await both_say(ui, "In three days.", "In five days.")


async def test_esc_stops_both_and_gives_back_once_what_waited(
    server: DemoServer, other: DemoServer, begin: Begin
) -> None:
    async with begin() as ui:
        for each in (server, other):
            each.answer_next([b"Well, ", b"no."])
            each.hold(1)
        await ui.say("Yes?")
        await both_say(ui, "Well,", "Well,")
        await ui.say("Or no?")
        await both_say(ui, "waiting to be sent", "waiting to be sent")
        await ui.press("escape")
        await both_say(ui, "■ stopped", "■ stopped")
        await ui.until(lambda: ui.draft == "Or no?")
        await ui.idle()
        assert not any("waiting" in side for side in ui.sides) and ui.is_beside
        await ui.saved()
        assert [line["status"] for line in map(lambda key: ui.transcript(key)[-1], ui.side_keys)] == [
            "stopped",
            "stopped",
        ]


async def test_narrow_screens_have_one_above_the_other(begin: Begin) -> None:
    async with begin(size=(100, 30)) as ui:
        left, right = (log.region for log in ui.side_logs)
        assert left.y == right.y and left.right < right.x
        await ui.pilot.resize_terminal(99, 30)
        await ui.until(lambda: ui.side_logs[0].region.width > 90)
        left, right = (log.region for log in ui.side_logs)
        assert left.x == right.x and left.bottom < right.y
        await ui.pilot.resize_terminal(40, 12)
        await ui.sees("Acme support", "Acme, new", "Message Acme support")
        await ui.pilot.resize_terminal(39, 12)
        await ui.sees("userdesk needs 40×12")


async def test_an_audience_sees_the_two_and_nothing_else(begin: Begin) -> None:
    async with begin() as ui:
        await ui.say("/unicode")
        await ui.idle()
        await ui.sees("% alike", "first text")
        await ui.press("f10")
        await ui.misses("% alike", "first text", "Enter send")
        await ui.sees("Acme support", "Acme, new")
        assert ui.presents
        await ui.press("f10")
        await ui.sees("% alike", "first text", "Enter send")


async def test_new_conversations_come_in_pairs(begin: Begin) -> None:
    async with begin(beside="env") as ui:  # the same chatbot twice
        first = ui.side_keys
        assert len(set(first)) == 2
        await ui.press("ctrl+n")
        await ui.sees("These conversations are still blank")
        await ui.say("Hello again")
        await ui.idle()
        await ui.press("ctrl+n")
        await ui.created()
        second = ui.side_keys
        assert len({*first, *second}) == 4 and not any("Hello again" in side for side in ui.sides)


async def test_answers_go_on_after_leaving_and_the_pair_is_gone_on_with(
    server: DemoServer, other: DemoServer, begin: Begin
) -> None:
    async with begin() as ui:
        for each in (server, other):
            each.answer_next([b"Well, ", b"no."])
            each.hold(1)
        await ui.say("Yes?")
        await both_say(ui, "Well,", "Well,")
        keys = ui.side_keys
        await ui.press("ctrl+p")
        await ui.sees("Commands")
        await ui.press(*"versus", "enter")
        await ui.closes()
        await ui.logs("Well,")
        for each in (server, other):
            each.release()
        await ui.logs("Well, no.")
        await ui.idle()
        await ui.until(lambda: ui.mark(keys[1]).name == "UNREAD")
        await ui.command("compare")
        await ui.sees("Compare Acme support with")
        await ui.press("enter")
        await both_say(ui, "Well, no.", "Well, no.")
        assert ui.side_keys == keys
        await ui.until(lambda: ui.mark(keys[1]).name == "NONE")


async def test_what_fails_after_leaving_is_told_in_the_chat(other: DemoServer, begin: Begin) -> None:
    async with begin() as ui:
        other.answer_next([b"Well, ", b"no."])
        other.hold(1)
        await ui.say("Yes?")
        await both_say(ui, "chars", "Well,")
        right = ui.side_keys[1]
        await ui.command("compare")
        await ui.closes()
        other.stop()
        await ui.toasts("in “Yes?”", "Ctrl+R open it")
        await ui.until(lambda: ui.mark(right).name == "FAILED")
        await ui.press("ctrl+r")
        await ui.logs("Well,", "interrupted")


async def test_keys_of_the_log_act_on_the_log_that_has_them(begin: Begin) -> None:
    async with begin(size=(120, 20)) as ui:
        await ui.say("/long 40")
        await ui.idle()
        await ui.press("pageup")
        assert not any(log.following for log in ui.side_logs)
        await ui.press("ctrl+end")
        assert all(log.following for log in ui.side_logs)
        await ui.press("tab", "tab")
        assert ui.focused is ui.side_logs[1]
        await ui.press("pageup")
        assert [log.following for log in ui.side_logs] == [True, False]
        await ui.press("/")
        await ui.until(lambda: ui.focused is not None and ui.focused.id == "find-field")
        await ui.press(*"drawn")
        await ui.until(lambda: " of " in ui.sides[1])
        assert "Find" not in ui.sides[0]
        await ui.press("escape")
        await ui.until(lambda: ui.focused is ui.input_bar)
