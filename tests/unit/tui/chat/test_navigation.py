"""What Esc and Ctrl+C do where the focus is, mildest first; where the focus goes."""

from types import SimpleNamespace
from typing import Any

import pytest

from userdesk.tui.chat.navigation import Navigation
from userdesk.tui.sidebar.conversation_list import ConversationList
from userdesk.tui.widgets.field import Field


class Told:
    """Takes any call and writes it down; what it returns is set as an attribute of the same name."""

    def __init__(self, done: list[str], name: str = "", **fields: Any) -> None:
        self._done = done
        self._name = name
        self.__dict__.update(fields)

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **_: Any) -> Any:
            self._done.append(" ".join(map(str, (f"{self._name}.{name}", *arguments))))
            return self.__dict__.get(f"{name}_gives", self)

        return call


class Screen:
    """The chat screen and its parts, as far as keys ask them."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.input: Any = Told(self.done, "input", has_focus=True, selected_text="", text="", stays="")
        self.input.whole_text = ""
        rows = Told(self.done, "list", cursor="under the cursor", keys_gives=["a", "b"])
        self.sidebar: Any = Told(self.done, "sidebar", editing=False, list=rows, has_focus_within=False)
        self.classes: set[str] = set()
        self.screen: Any = Told(self.done, "screen", focused=self.input, selections={}, selected="")
        self.screen.app = Told(self.done, "app", size=(100, 30))
        self.screen.get_selected_text = lambda: self.screen.selected
        self.screen.has_class = self.classes.__contains__
        self.toast: Any = SimpleNamespace(display=False)
        self.turns: Any = Told(self.done, "turns", stop_gives=False)
        self.recovery: Any = Told(self.done, "recovery", cancel_scheduled_gives=False)
        self.state = SimpleNamespace(current="on the screen", filter="")
        chat: Any = SimpleNamespace(
            state=self.state,
            notifier=Told(self.done, "notifier"),
            prompts=Told(self.done, "prompts"),
            directory=Told(self.done, "directory", order_gives=["a", "b", "c"]),
        )
        conversations = SimpleNamespace(on_opened=[], on_started=[])
        copying, trash = Told(self.done, "copying"), SimpleNamespace(delete=self._delete)
        does: Any = SimpleNamespace(
            chat=chat,
            conversations=conversations,
            turns=self.turns,
            recovery=self.recovery,
            copying=copying,
            trash=trash,
        )
        widgets: Any = SimpleNamespace(
            sidebar=self.sidebar, input_bar=self.input, toast=self.toast, too_small=Told(self.done, "small")
        )
        program: Any = Told(self.done, "program")
        self.go = Navigation(self.screen, widgets, program, does)
        self.started = conversations.on_started

    async def _delete(self, key: str) -> str:
        self.done.append(f"trash.delete {key}")
        return "next"

    def taken(self) -> list[str]:
        """What was done since the last look."""
        done, self.done[:] = self.done[:], []
        return done


class Focused(Field):
    """The field that has the keys."""

    selected_text = ""


async def async_nothing(*_: object) -> None: ...


async def test_esc_does_the_mildest_thing() -> None:
    at = Screen()
    await at.go.step_back()
    stops = ["turns.stop -1", "recovery.cancel_scheduled"]
    assert at.taken() == [*stops, "app.clear_notifications", "sidebar.remove_class -open"]
    at.toast.display = True
    await at.go.step_back()
    assert at.taken() == [*stops, "notifier.dismiss"]
    at.recovery.cancel_scheduled_gives = True
    await at.go.step_back()
    assert at.taken() == stops
    at.turns.stop_gives = True
    await at.go.step_back()
    assert at.taken() == stops[:1]
    at.screen.focused = at.sidebar
    await at.go.step_back()
    assert at.taken() == ["sidebar.remove_class -open", "input.focus"]
    at.screen.selections = {1: 2}
    await at.go.step_back()
    assert at.taken() == ["screen.clear_selection"]
    at.sidebar.editing, left = True, []
    at.sidebar.leave_field = lambda: left.append(True) or async_nothing()
    await at.go.step_back()
    assert at.taken() == [] and left == [True]


async def test_ctrl_c_copies_else_stops_else_puts_the_draft_away_else_asks_to_quit() -> None:
    at = Screen()
    await at.go.interrupt()
    assert at.taken() == ["turns.stop 0", "program.ask_to_quit"]
    at.input.text = at.input.whole_text = "half"
    await at.go.interrupt()
    told = "notifier.flash The draft is in the prompt history · ↑ restores it"
    assert at.taken() == ["turns.stop 0", "prompts.add half", "input.put ", told]
    at.turns.stop_gives = True
    await at.go.interrupt()
    assert at.taken() == ["turns.stop 0"]
    at.input.selected_text = "ha"
    await at.go.interrupt()
    assert at.taken() == ["copying.copy ha the selection"]
    at.screen.selected = "of the log"
    await at.go.interrupt()
    assert at.taken() == ["copying.copy of the log the selection", "screen.clear_selection"]
    field = at.screen.focused = Focused()
    left: list[bool] = []
    at.sidebar.leave_field = lambda: left.append(True) or async_nothing()
    await at.go.interrupt()
    assert at.taken() == [] and left == [True]
    field.selected_text = "of it"
    await at.go.interrupt()
    assert at.taken() == ["copying.copy of it the selection"]


async def test_what_applies_to_a_conversation_applies_to_the_one_under_the_cursor() -> None:
    at = Screen()
    assert at.go.target == "on the screen"
    await at.go.delete()
    assert at.taken() == ["trash.delete on the screen"] and at.sidebar.list.cursor == "next"
    at.screen.focused = ConversationList(lambda key: None)  # type: ignore[arg-type,return-value]
    assert at.go.target == "next"
    at.sidebar.list.cursor = ""
    assert at.go.target == "on the screen"


def test_the_sidebar_is_a_drawer_where_the_terminal_is_narrow() -> None:
    at = Screen()
    at.go.to_sidebar()
    assert at.taken() == ["screen.remove_class -hidden", "list.focus"]
    at.go.toggle_sidebar()
    assert at.taken() == ["screen.toggle_class -hidden"]
    at.sidebar.has_focus_within = True
    at.screen.toggle_class = lambda name: at.classes.add(name) or at.screen
    at.go.toggle_sidebar()
    assert at.taken() == ["input.focus"], "what is hidden has no focus"
    at.classes.add("-narrow")
    at.go.to_sidebar()
    assert "sidebar.add_class -open" in at.taken()
    at.sidebar.has_class_gives = True
    at.go.toggle_sidebar()
    assert at.taken()[-1] == "list.focus"
    at.sidebar.has_class_gives = False
    at.go.toggle_sidebar()
    assert at.taken()[-1] == "input.focus"


def test_a_start_goes_to_writing_and_lifts_the_filter() -> None:
    at = Screen()
    (started,) = at.started
    started()
    assert at.taken() == ["input.focus"]
    at.state.filter = "words"
    at.sidebar.end_edit = lambda: "end"
    started()
    assert at.taken() == ["screen.run_worker end", "input.focus"]


@pytest.mark.parametrize(
    ("size", "narrow", "small"),
    [((80, 12), False, False), ((79, 12), True, False), ((40, 12), True, False), ((39, 12), True, True)],
)
def test_sizes_have_layouts(size: tuple[int, int], narrow: bool, small: bool) -> None:
    at = Screen()
    at.screen.app.size = size
    at.go.resized()
    done = at.taken()
    assert done[:2] == [f"screen.set_class {narrow} -narrow", f"screen.set_class {small} -too-small"]
    assert done[2:] == (["small.update userdesk needs 40×12\nthis is 39×12"] if small else [])
    at.classes.add("-too-small")
    at.go.resized()
    assert any(each.startswith("screen.call_after_refresh") for each in at.taken()) is not small


def test_matches_are_stepped_through_where_the_find_bar_is_open() -> None:
    at = Screen()
    at.go.step_match(1)
    assert at.taken() == [] and not at.go.is_finding
