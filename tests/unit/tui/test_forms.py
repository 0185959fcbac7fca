"""What dialogs with fields say of what is missing in them."""

from userdesk.domain.chatbot import ApiKey, Chatbot
from userdesk.tui.dialogs.asking import AskLineScreen
from userdesk.tui.dialogs.chatbots import ChatbotsScreen
from userdesk.tui.dialogs.help import HelpScreen
from userdesk.tui.shortcuts import Shortcuts
from widget_alone import alone

CHATBOT = Chatbot("acme", "Acme", "7", "https://staging.example.com")


async def test_form_says_what_is_missing_and_goes_there() -> None:
    connected: list[Chatbot] = []

    async def probe(chatbot: Chatbot, api_key: ApiKey) -> None:
        connected.append(chatbot)

    async def connect(chatbot: Chatbot, api_key: ApiKey) -> str:
        return "acme"

    async with alone() as hand:
        screen = ChatbotsScreen([], None, probe, connect)
        await hand.app.push_screen(screen)
        screen.query_one("#name").focus()

        async def enter(field: str, value: str) -> tuple[str, str]:
            screen.query_one(field).value = value
            await hand.press("enter")
            return getattr(screen.focused, "id", ""), str(screen.query_one("#verdict").content)

        assert await enter("#chatbot-id", " ") == ("chatbot-id", "Enter the chatbot's id")
        assert await enter("#chatbot-id", "123") == ("api-key", "Enter the API key")
        focused, told = await enter("#api-key", "a-key")
        assert focused == "address" and told.startswith("USERDESK_BASE_URL is not a valid address")
        focused, told = await enter("#address", "staging")
        assert focused == "address" and "expected an address such as" in told
        assert not connected
        screen.query_one("#address").value = "https://staging.example.com/"
        await hand.press("enter")
        await hand.until(lambda: screen is not hand.app.screen, "the form to close")
        assert connected == [Chatbot("", "chatbot 123", "123", "https://staging.example.com")]


async def test_form_holds_an_address_only_where_it_is_another_than_the_default() -> None:
    async with alone() as hand:
        for base_url, shown in ((CHATBOT.base_url, ""), ("https://api.example.com", CHATBOT.base_url)):
            screen = ChatbotsScreen([CHATBOT], base_url, None, None, change=CHATBOT)
            await hand.app.push_screen(screen)
            assert screen.query_one("#address").value == shown


async def test_line_that_is_doubted_takes_a_second_enter() -> None:
    given: list[str | None] = []
    async with alone() as hand:
        screen = AskLineScreen("Title", "Words", doubt=lambda line: "" if line.isdigit() else "No number")
        hand.app.push_screen(screen, given.append)
        await hand.until(lambda: hand.app.screen is screen and screen.focused, "the dialog")
        await hand.press("enter")
        told = screen.query_one(".dialog-missing")
        assert str(told.content) == "Type something first"
        await hand.press("a", "enter")
        assert str(told.content) == "No number" and not given
        await hand.press("b", "enter")
        assert hand.app.screen is screen, "another line is doubted again"
        await hand.press("enter")
        assert given == ["ab"]


async def test_help_shows_only_what_holds_the_words_of_its_filter() -> None:
    async with alone(size=(100, 40)) as hand:
        screen = HelpScreen(Shortcuts({}))
        await hand.app.push_screen(screen)
        page = screen.query_one("#help-page")
        whole = str(page.content)
        await hand.press("slash", *"copy q", "backspace", "backspace", *" CODE")
        assert str(page.content) == "In the message log\nc  Copy a code block from the message"
        await hand.press("enter", "down", "slash", *"!")
        assert str(page.content) == "No matches"
        await hand.press("escape")
        assert str(page.content) == whole and hand.app.screen is screen
        await hand.press("slash", "q", "escape", "q")
        await hand.until(lambda: hand.app.screen is not screen, "the help to close")
