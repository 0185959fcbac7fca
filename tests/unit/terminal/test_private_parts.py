"""Each private part of the framework that the program leans on is still there, and means what it meant.

The table is the whole list: what `tui/terminal` uses and the table does not name fails here, and so does a
use anywhere else.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import textual
from framework_privates import is_private, names_of, uses
from textual import _ansi_sequences, _keyboard_protocol, events, keys
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate
from textual._styles_cache import StylesCache
from textual.app import App
from textual.driver import Driver
from textual.geometry import Offset, Region
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, OptionList, TextArea
from textual.widgets.text_area import Document, WrappedDocument

IN_TERMINAL = "userdesk.tui.terminal."


@dataclass(frozen=True)
class Part:
    """A private name and what is asked of it: for a method its parameters, for a value what it holds."""

    owner: Any
    name: str
    parameters: tuple[str, ...] | None = None
    holds: Callable[[], bool] | None = None

    def __str__(self) -> str:
        return f"{self.owner.__name__}.{self.name}"


def _mouse_move(x: int, y: int) -> events.MouseMove:
    return events.MouseMove(None, x, y, 1, 2, 0, False, False, False, screen_x=x, screen_y=y)


def _wrapped() -> Any:
    return WrappedDocument(Document("one two three\nfour"), 8, 4)


PARTS = (
    # what draws
    Part(textual, "_compositor", holds=lambda: issubclass(ChopsUpdate, CompositorUpdate)),
    Part(Screen, "_compositor", holds=lambda: isinstance(Screen()._compositor, Compositor)),
    Part(Compositor, "_dirty_regions", holds=lambda: Compositor()._dirty_regions == set[Region]()),
    Part(App, "_context", ()),
    Part(Screen, "_compositor_refresh", ()),
    Part(Screen, "_refresh_layout", ("size", "scroll")),
    Part(Compositor, "_render_chops", ("crop", "is_rendered_line")),
    Part(Screen, "_dirty_widgets", holds=lambda: Screen()._dirty_widgets == set[Widget]()),
    Part(Screen, "_on_idle", ("event",)),
    Part(Widget, "_set_dirty", ("regions",)),
    Part(Widget, "_exchange_repaint_regions", holds=lambda: Widget()._exchange_repaint_regions() == set()),
    Part(Screen, "_on_timer_update", ()),
    Part(Screen, "_layout_required", holds=lambda: not Screen()._layout_required),
    Part(Screen, "_scroll_required", holds=lambda: not Screen()._scroll_required),
    Part(Screen, "_repaint_required", holds=lambda: not Screen()._repaint_required),
    Part(Screen, "_recompose_required", holds=lambda: not Screen()._recompose_required),
    Part(App, "_previous_cursor_position", holds=lambda: App()._previous_cursor_position == Offset()),
    Part(Screen, "_screen_resized", ("size",)),
    Part(Screen, "_update_auto_focus", ()),
    Part(Screen, "_selecting", holds=lambda: not Screen()._selecting),
    Part(Screen, "_select_state", holds=lambda: Screen()._select_state is None),
    Part(App, "_display", ("screen", "renderable")),
    Part(App, "_begin_update", ()),
    Part(App, "_end_update", ()),
    Part(App, "_batch_count", holds=lambda: App()._batch_count == 0),
    Part(App, "_end_batch", ()),
    Part(App, "_background_screens"),
    Part(MessagePump, "_attach", ("parent",)),
    Part(textual, "_styles_cache", holds=lambda: callable(StylesCache.get_inner_outer.cache_clear)),
    # the application
    Part(App, "_driver", holds=lambda: App()._driver is None),
    Part(App, "_clipboard", holds=lambda: App()._clipboard == App().clipboard == ""),
    Part(App, "_screen_stack"),
    Part(App, "_mouse_down_widget", holds=lambda: App()._mouse_down_widget is None),
    Part(App, "_handle_exception", ("error",)),
    Part(App, "_fatal_error", ()),
    Part(MessagePump, "_close_messages_no_wait", ()),
    # the terminal and what it sends
    Part(Driver, "_app"),
    Part(Driver, "_loop"),
    Part(Driver, "_size"),
    Part(Driver, "_auto_restart"),
    Part(textual, "_ansi_sequences", holds=lambda: "\x1b[A" in _ansi_sequences.ANSI_SEQUENCES_KEYS),
    Part(textual, "_keyboard_protocol", holds=lambda: "13u" in _keyboard_protocol.FUNCTIONAL_KEYS),
    Part(keys, "_character_to_key", holds=lambda: keys._character_to_key("/") == "slash"),
    Part(events.MouseEvent, "_x", holds=lambda: _mouse_move(3, 4)._x == 3),
    Part(events.MouseEvent, "_y", holds=lambda: _mouse_move(3, 4)._y == 4),
    Part(events.MouseEvent, "_screen_x", holds=lambda: _mouse_move(3, 4)._screen_x == 3),
    Part(events.MouseEvent, "_screen_y", holds=lambda: _mouse_move(3, 4)._screen_y == 4),
    Part(events.MouseEvent, "_delta_x", holds=lambda: _mouse_move(3, 4)._delta_x == 1),
    Part(events.MouseEvent, "_delta_y", holds=lambda: _mouse_move(3, 4)._delta_y == 2),
    # lists
    Part(OptionList, "_clear_caches"),
    Part(OptionList, "_lines", holds=lambda: not OptionList("one")._lines),
    Part(OptionList, "_index_to_line", holds=lambda: OptionList("one")._index_to_line == {}),
    Part(OptionList, "_move_page", ("direction",)),
    # text that is edited
    Part(Input, "_position_to_cell", ("position",)),
    Part(Input, "_cell_offset_to_index", ("offset",)),
    Part(Input, "_cursor_offset"),
    Part(TextArea, "_set_document", ("text", "language")),
    Part(TextArea, "_rewrap_and_refresh_virtual_size", ()),
    Part(TextArea, "_render_line", ("y",)),
    Part(TextArea, "_theme"),
    Part(WrappedDocument, "_width", holds=lambda: _wrapped()._width == 8),
    Part(WrappedDocument, "_tab_width", holds=lambda: _wrapped()._tab_width == 4),
    Part(WrappedDocument, "_wrap_offsets", holds=lambda: _wrapped()._wrap_offsets == [[8], []]),
    Part(
        WrappedDocument,
        "_offset_to_line_info",
        holds=lambda: _wrapped()._offset_to_line_info == [(0, 0), (0, 1), (1, 0)],
    ),
    Part(
        WrappedDocument,
        "_line_index_to_offsets",
        holds=lambda: _wrapped()._line_index_to_offsets == [[0, 1], [2]],
    ),
)


@pytest.mark.parametrize("part", PARTS, ids=str)
async def test_a_private_part_is_what_it_was(part: Part) -> None:
    names = names_of(part.owner) if inspect.isclass(part.owner) else vars(part.owner)
    assert part.name in names, f"the framework has no {part} any more"
    if part.parameters is not None:
        assert tuple(inspect.signature(getattr(part.owner, part.name)).parameters)[1:] == part.parameters
    if part.holds is not None:
        assert part.holds(), f"{part} holds something else"


def test_the_table_names_all_that_is_used_and_nothing_else() -> None:
    used = {use.name for use in uses() if use.module.startswith(IN_TERMINAL)}
    assert used == {part.name for part in PARTS}


def test_the_architecture_page_names_each() -> None:
    page = (Path(__file__).parents[3] / "ARCHITECTURE.md").read_text("utf-8")
    named = set(
        re.findall(r"(?<=[`.])_\w+(?=`)", page.partition("## Private parts")[2].partition("\n## ")[0])
    )
    assert named == {part.name for part in PARTS}


def test_nothing_private_is_used_elsewhere() -> None:
    assert [use for use in uses() if not use.module.startswith(IN_TERMINAL)] == []


def test_the_look_for_uses_sees_them() -> None:
    assert {"_set_document", "_width"} <= {use.name for use in uses()}
    assert is_private("_x") and not is_private("__init__")
