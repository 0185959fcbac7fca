import asyncio
import gc
import json
import os
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from program_driver import ProgramDriver, running
from userdesk.domain.chatbot import Chatbot
from userdesk.domain.conversation import Conversation
from userdesk.settings import Settings
from userdesk.store.search.query import SearchQuery
from userdesk.store.search.search import Finding
from userdesk.tui.garbage import GarbageCollector
from userdesk.tui.switcher import index, screen
from userdesk.tui.switcher.index import TITLES, SwitcherIndex, fit
from userdesk.tui.switcher.result_list import ResultList, ResultRow
from userdesk.tui.switcher.screen import SwitcherScreen

ACME = Chatbot("acme", "Acme Support", "12", "http://127.0.0.1:9")
SHOP = Chatbot("shop", "Web Shop", "34", "http://127.0.0.1:9")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "transcripts").mkdir()
    (tmp_path / "conversations.toml").write_text("version = 1\n")
    return tmp_path


@pytest.fixture
def write(data_dir: Path) -> Callable[..., None]:
    """Adds a conversation as the documented format has it; the later, the newer."""

    def conversation(key: str, title: str, texts: Iterable[str] = (), bot: Chatbot = ACME) -> None:
        with (data_dir / "conversations.toml").open("a") as index:
            index.write(
                f'\n[[conversation]]\nkey = "{key}"\nid = "c-{key}"\nbot = "{bot.config_name}"\n'
                f'chatbot_id = "{bot.chatbot_id}"\nbase_url = "{bot.base_url}"\n'
                f"title = {json.dumps(title)}\ncreated = 2025-01-01T00:00:00Z\n"
            )
        path = data_dir / "transcripts" / f"{key}.jsonl"
        roles = ("user", "assistant")
        lines = [
            json.dumps(
                {"role": roles[i % 2], "text": text, "at": "2025-01-01T00:00:00Z", "status": "complete"}
            )
            for i, text in enumerate(texts)
        ]
        path.write_text("".join(f"{line}\n" for line in lines))
        when = 1_750_000_000 + 100_000 * len(list(path.parent.iterdir()))
        os.utime(path, (when, when))

    return conversation


@pytest.fixture
def year(write: Callable[..., None]) -> None:
    write("old", "Refund policy", ["How long?", "Thirty days"])
    write(
        "middle",
        "Delivery times",
        [*["Hello", "Hi"] * 30, "And if it is late?", "You get a **Refund** then"] * 2,
    )
    write("new", "[b]Password[/oops] reset\x1b[31m", ["I forgot it", "Click here"], bot=SHOP)


def opened(data_dir: Path, size: tuple[int, int] = (110, 34)) -> AbstractAsyncContextManager[ProgramDriver]:
    settings = Settings(
        config_file=data_dir / "config.toml",
        data_dir=data_dir,
        chatbots={"acme": ACME, "shop": SHOP},
        start_bot="acme",
    )
    return running(settings, size=size)


async def searched(ui: ProgramDriver, typed: str) -> None:
    """Wait until the search for what was typed is over."""
    await ui.until(lambda: not ui.works_on("search") and ui.screen.query_one(Input).value == typed)


async def switcher(ui: ProgramDriver, typed: str = "") -> ResultList:
    """Open the switcher, type, wait until the search is over."""
    await ui.press("ctrl+t")
    await ui.opens(SwitcherScreen)
    await ui.press(*typed)
    await searched(ui, typed)
    return ui.screen.query_one(ResultList)


def marked(ui: ProgramDriver, word: str) -> list[str]:
    """Where a word stands highlighted in the log."""
    grounds = ui.colour("match"), ui.colour("warning")
    return [
        segment.text
        for y in range(ui.log_view.size.height)
        for segment in ui.log_view.render_line(y)
        if segment.style and segment.style.bgcolor in grounds and segment.text.strip() == word
    ]


def shown(results: ResultList) -> list[str]:
    return [results.render_line(y).text.rstrip() for y in range(min(len(results.rows), results.size.height))]


@pytest.mark.usefixtures("year")
async def test_everything_is_listed_the_newest_first_and_safe(data_dir: Path) -> None:
    async with opened(data_dir) as ui:
        results = await switcher(ui)
        assert [row.key for row in results.rows] == ["new", "middle", "old"]
        lines = shown(results)
        assert "[b]Password[/oops] reset\ufffd[31m" in lines[0] and "Web Shop" in lines[0]
        assert lines[0].startswith("  ") and lines[1].startswith("› "), "the first is open already"


@pytest.mark.usefixtures("year")
async def test_enter_alone_goes_back_to_the_conversation_before(data_dir: Path) -> None:
    async with opened(data_dir) as ui:
        ui.open("old")
        await switcher(ui)
        await ui.press("enter")
        await ui.closes()
        assert ui.current == "new"
        await switcher(ui)
        await ui.press("enter")
        await ui.closes()
        assert ui.current == "old"


@pytest.mark.usefixtures("year")
async def test_titles_come_before_messages_under_their_conversation(data_dir: Path) -> None:
    async with opened(data_dir) as ui:
        results = await switcher(ui, "refund")
        assert [(row.key, row.index, row.is_heading) for row in results.rows] == [
            ("old", None, False),
            ("middle", None, True),
            ("middle", 123, False),
            ("middle", 61, False),
        ]
        assert "You get a Refund then" in shown(results)[2]
        row = results.rows[2]
        assert [row.text[slice(*span)] for span in row.spans] == ["Refund"]


@pytest.mark.usefixtures("year")
async def test_enter_on_a_message_opens_its_conversation_there(data_dir: Path) -> None:
    async with opened(data_dir) as ui:
        await switcher(ui, "refund")
        await ui.press("down", "down", "enter")
        await ui.until(lambda: ui.on_chat and ui.current == "middle")
        await ui.until(lambda: ui.log_view.has_focus)
        assert ui.log_view.cursor == 61
        assert 61 in [bubble.index for bubble in ui.log_view.visible_bubbles()]
        assert marked(ui, "Refund") == ["Refund"]
        await ui.press("escape")
        await ui.until(lambda: ui.input_bar.has_focus)
        # nothing stays marked when one writes again
        await ui.until(lambda: not marked(ui, "Refund"))


@pytest.mark.usefixtures("year")
async def test_enter_on_a_title_opens_for_writing(data_dir: Path) -> None:
    async with opened(data_dir) as ui:
        await switcher(ui, "rfpol")
        await ui.press("enter")
        await ui.until(lambda: ui.current == "old" and ui.input_bar.has_focus)
        assert ui.on_chat


@pytest.mark.usefixtures("year")
async def test_enter_typed_ahead_waits_for_the_results(data_dir: Path) -> None:
    async with opened(data_dir) as ui:
        await ui.press("ctrl+t")
        screen = ui.screen
        assert isinstance(screen, SwitcherScreen)
        await searched(ui, "")
        field = screen.query_one(Input)
        with field.prevent(Input.Changed):
            field.value = "thirty"
        screen.typed(Input.Changed(field, "thirty"))
        screen.submitted()
        await ui.until(
            lambda: ui.on_chat and ui.current == "old" and ui.log_view.cursor == 1,
        )


@pytest.mark.usefixtures("year")
async def test_nothing_found_is_said_and_enter_stays(data_dir: Path) -> None:
    async with opened(data_dir) as ui:
        results = await switcher(ui, "zanzibar")
        assert results.rows == []
        assert "No matches" in results.render_line(0).text
        await ui.press("enter")
        assert isinstance(ui.screen, SwitcherScreen)
        await ui.press("escape")
        await ui.closes()


@pytest.mark.usefixtures("year")
async def test_the_cursor_goes_round_and_skips_headings(data_dir: Path) -> None:
    async with opened(data_dir) as ui:
        results = await switcher(ui, "refund")
        steps = []
        for key in ("down", "down", "down", "up", "pageup", "pagedown"):
            await ui.press(key)
            steps.append(results.cursor)
        assert steps == [2, 3, 0, 3, 0, 3]


@pytest.mark.usefixtures("year")
async def test_what_another_window_began_meanwhile_is_found(
    data_dir: Path, write: Callable[..., None]
) -> None:
    async with opened(data_dir) as ui:
        results = await switcher(ui)
        write("later", "Zebra crossing", ["Is it safe?", "Quite safe"])
        await ui.look_at_folder()
        await ui.until(lambda: ui.service.conversation("later") is not None)
        await ui.press(*"quite")
        await ui.until(lambda: [row.key for row in results.rows if row.index] == ["later"])
        assert "Zebra crossing" in shown(results)[0]


@pytest.mark.usefixtures("year")
async def test_what_takes_its_time_is_done_once_and_beside_the_keys(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, may_go_on, here = list[SwitcherIndex](), threading.Event(), threading.get_ident()

    class Watched(SwitcherIndex):
        def __init__(self, *given: Any) -> None:
            made.append(self)
            assert may_go_on.wait(10)
            super().__init__(*given)

        def messages(self, found: Iterable[Finding]) -> list[ResultRow]:
            assert threading.get_ident() != here, "a key would wait for it"
            return super().messages(found)

    monkeypatch.setattr(screen, "SwitcherIndex", Watched)
    async with opened(data_dir) as ui:
        await ui.press("ctrl+t")
        await ui.opens(SwitcherScreen)
        await ui.until(lambda: made, "the first look")
        await ui.press(*"refund")
        may_go_on.set()
        results = ui.screen.query_one(ResultList)
        await ui.until(lambda: any(row.index is not None for row in results.rows), "messages")
        assert len(made) == 1, "however much was typed meanwhile"


@pytest.mark.usefixtures("year")
async def test_looking_through_titles_ends_with_the_search_it_is_for(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = dict[str, int]()

    class Endless(SwitcherIndex):
        def titles(self, wanted: SearchQuery) -> Iterator[list[ResultRow] | None]:
            while wanted:
                looking[wanted.phrase] = looking.get(wanted.phrase, 0) + 1
                yield None
            yield from super().titles(wanted)

    monkeypatch.setattr(screen, "SwitcherIndex", Endless)
    monkeypatch.setattr(GarbageCollector, "begin", lambda _: None)
    async with opened(data_dir) as ui:
        await switcher(ui)
        await ui.press("r")
        await ui.until(lambda: "r" in looking, "a first search")
        await ui.press("e")
        await ui.until(lambda: looking.get("re", 0) > 2, "a second search")
        first = looking["r"]
        await ui.until(lambda: looking["re"] > 100, "its going on")
        assert looking["r"] == first, "it has the interpreter while keys act"
        await ui.press("escape")
        await ui.until(lambda: ui.screen is ui.chat and not ui.works_on("search"))
        await asyncio.to_thread(bool)  # a slice that was under way ends
        second = looking["re"]
        for _ in range(20):
            await asyncio.to_thread(bool)
        assert looking["re"] == second


@pytest.mark.usefixtures("year")
async def test_a_search_that_is_given_up_keeps_nothing_of_the_conversations(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = weakref.WeakSet[SwitcherIndex]()

    class Endless(SwitcherIndex):
        def titles(self, wanted: SearchQuery) -> Iterator[list[ResultRow] | None]:
            made.add(self)
            while wanted:
                yield None
            yield from super().titles(wanted)

    monkeypatch.setattr(screen, "SwitcherIndex", Endless)
    monkeypatch.setattr(GarbageCollector, "begin", lambda _: None)
    async with opened(data_dir) as ui:
        await switcher(ui)
        await ui.press("r")
        await ui.until(lambda: ui.works_on("search") and made)
        gc.disable()  # a closed screen is garbage in cycles: what it lets go of waits for no collection
        try:
            await ui.press("escape")
            await ui.until(lambda: ui.screen is ui.chat and not made)
        finally:
            gc.enable()


def test_titles_are_looked_through_in_slices_whether_they_fit_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "SLICE", 0.0)
    created = datetime(2025, 1, 1, tzinfo=UTC)
    chairs = [
        Conversation(key=str(number), bot="acme", created=created, title=f"Chair {number}")
        for number in range(5_000)
    ]
    made = SwitcherIndex(chairs, {}, {}, date(2025, 1, 2))
    for typed, shown in (("chair", TITLES), ("zebra", 0)):
        *slices, found = made.titles(SearchQuery(typed))
        assert slices == [None] * len(slices)
        assert len(slices) >= 5
        assert len(found or []) == shown


@pytest.mark.usefixtures("year")
async def test_on_stage_other_chatbots_are_not_shown(data_dir: Path) -> None:
    async with opened(data_dir) as ui:
        ui.open("middle")
        await ui.press("f10")
        results = await switcher(ui)
        assert {row.key for row in results.rows} == {"middle", "old"}
        assert not any(row.aside.startswith("Acme") for row in results.rows)
        await ui.press(*"click")
        await searched(ui, "click")
        assert results.rows == []


@pytest.mark.usefixtures("year")
async def test_the_match_is_in_view_in_the_smallest_terminal(
    data_dir: Path, write: Callable[..., None]
) -> None:
    write("wide", "Wide", ["界" * 60 + " the needle here " + "界" * 60])
    async with opened(data_dir, size=(40, 12)) as ui:
        results = await switcher(ui, "needle")
        assert results.size.height >= 5
        line = results.render_line(1)
        assert "needle" in line.text
        assert line.cell_length == results.scrollable_content_region.width


async def test_many_results_are_added_below_without_moving_the_cursor(
    data_dir: Path, write: Callable[..., None]
) -> None:
    for number in range(60):
        write(f"c{number:02}", f"Conversation {number}", ["common word", "the common answer"])
    async with opened(data_dir) as ui:
        results = await switcher(ui, "common")
        assert sum(not row.is_heading for row in results.rows) == 120
        assert results.cursor == 1, "on the first message, not on its heading"
        assert results.virtual_size.height == 180
        await ui.press("up")
        assert results.cursor == 179
        # Scrolled there at the latest with the layout that gives the list its scroll bar.
        await ui.until(lambda: "common word" in results.render_line(results.size.height - 1).text)


@pytest.mark.parametrize(
    ("typed", "title", "parts"),
    [
        ("policy refund", "Refund policy", ["Refund", "policy"]),
        ("refund pol", "The refund policy", ["refund pol"]),
        ("rpol", "Refund policy", ["R", "pol"]),
        ("refnd", "Refund policy", ["Ref", "nd"]),
        ("rnp", "Refund policy", None),
        ("x", "Refund policy", None),
        ("strasse", "Die Straße", ["Straße"]),
        ("cafe malaga", "Menu of the Café in Málaga", ["Café", "Málaga"]),
        ("cafmal", "Café Málaga", ["Caf", "Mál"]),
        ("", "Anything", []),
    ],
)
def test_a_title_fits_by_words_or_by_letters_in_order(
    typed: str, title: str, parts: list[str] | None
) -> None:
    found = fit(SearchQuery(typed), title)
    assert (found and [title[slice(*span)] for span in found[1]]) == parts


def test_whole_words_fit_better_than_letters_and_beginnings_better_than_middles() -> None:
    titles = ["Card in a refund", "Discard it", "Cost and returned", "Card"]
    ranked = sorted(titles, key=lambda title: -(fit(SearchQuery("card"), title) or (-1.0, ()))[0])
    assert ranked[-2:] == ["Discard it", "Cost and returned"]


@pytest.mark.usefixtures("year")
async def test_it_says_how_much_is_in_the_index_while_that_is_built(data_dir: Path) -> None:
    async with opened(data_dir) as ui:
        ui.app.chat.does.indexing.percent = 40
        await switcher(ui, "refund")
        await ui.sees("1 title, 2 messages · index 40 %")
        ui.app.chat.does.indexing.percent = 41
        await ui.sees("index 41 %")
        ui.app.chat.does.indexing.percent = None
        await ui.misses("index")


async def test_a_large_folder_gets_an_index_in_the_background(
    data_dir: Path, write: Callable[..., None]
) -> None:
    write("old", "Old", [f"{number} {'filler ' * 2000}" for number in range(600)])
    write("new", "New", ["only here: zanzibar"])
    async with opened(data_dir) as ui:
        ui.app.chat.does.indexing.begin()
        await ui.until(lambda: list((data_dir / "search").glob("*.words")), "an index")
        await ui.until(lambda: not ui.works_on("index"), "the end of the building")
        assert ui.app.chat.does.indexing.percent is None
        results = await switcher(ui, "zanzibar")
        assert [row.key for row in results.rows] == ["new", "new"]
