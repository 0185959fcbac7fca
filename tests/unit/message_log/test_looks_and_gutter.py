"""The looks that a stylesheet gives to names, and widgets whose lines are ready before they are asked for."""

from types import SimpleNamespace
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.css.stylesheet import Stylesheet
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from userdesk.tui.message_log.lines import Gutter, Line, Prerendered
from userdesk.tui.terminal.style_cache import StyleCache

CSS = """
.log--code { color: #112233; text-style: bold; }
Log > .log--rule { color: #445566; }
.log--chosen { background: #778899; }
"""


class Log(Widget):
    """A widget in an app of which only the stylesheet is there."""

    def __init__(self, css: str) -> None:
        super().__init__()
        self.stylesheet = Stylesheet()
        self.stylesheet.add_source(css)
        self.stylesheet.parse()
        self.applied = 0

    @property
    def app(self) -> Any:
        def apply(node: Any) -> None:
            self.applied += 1
            self.stylesheet.apply(node, animate=False)

        return SimpleNamespace(stylesheet=SimpleNamespace(apply=apply))


def color_of(style: Style) -> str | None:
    return style.color.get_truecolor().hex if style.color else None


def test_a_name_has_the_look_that_the_stylesheet_gives_it() -> None:
    looks = StyleCache(log := Log(CSS), "log")
    assert (color_of(looks("code")), looks("code").bold) == ("#112233", True)
    assert color_of(looks("rule")) == "#445566"
    assert color_of(looks("nobody-knows")) is None
    chosen = looks("chosen")
    assert chosen.color is None and chosen.bgcolor, "laid over others it leaves their colour"
    assert log.applied == 4, "each is worked out once"


def test_another_theme_is_another_look() -> None:
    looks = StyleCache(log := Log(CSS), "log")
    looks("code")
    log.stylesheet = Stylesheet()
    log.stylesheet.add_source(".log--code { color: #abcdef; }")
    log.stylesheet.parse()
    assert color_of(looks("code")) == "#112233"
    looks.forget()
    assert color_of(looks("code")) == "#abcdef"


def line(text: str) -> Line:
    return Line(Strip([Segment(text)], len(text)), len(text))


class Column(Gutter):
    """A gutter that writes down what it has Textual send again."""

    size = Size(3, 3)  # type: ignore[assignment]
    rich_style = Style()  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[Region, ...]] = []

    def refresh(self, *regions: Region, **_: Any) -> Any:
        self.sent.append(regions)
        return self


def test_the_gutter_sends_only_lines_that_changed() -> None:
    gutter = Column()
    gutter.show_lines([line("a  "), line("b  ")])
    assert gutter.sent == [()]
    gutter.show_lines([line("a  "), line("b  ")])
    assert len(gutter.sent) == 1
    gutter.show_lines([line("a  "), line("c  ")])
    assert gutter.sent[1:] == [(Region(0, 1, 3, 1),)]
    assert [gutter.render_line(y).text for y in range(3)] == ["a  ", "c  ", "   "]


class Ready(Prerendered):
    size = Size(6, 3)  # type: ignore[assignment]
    background_colors = (None, "ground")  # type: ignore[assignment]
    rich_style = Style(color="red")  # type: ignore[assignment]
    filters: tuple[Any, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self._lines = [line(f"line {y}") for y in range(3)]

    def get_line_filters(self) -> Any:
        return self.filters


def test_lines_that_are_ready_are_given_as_they_are() -> None:
    ready = Ready()
    assert [strip.text for strip in ready.render_lines(Region(0, 0, 6, 3))] == ["line 0", "line 1", "line 2"]
    assert [strip.text for strip in ready.render_lines(Region(2, 1, 3, 2))] == ["ne ", "ne "]
    assert [strip.text for strip in ready.render_lines(Region(0, 1, 5, 1))] == ["line "]


def test_below_lines_that_are_ready_there_are_blank_ones() -> None:
    ready = Ready()
    for rows in (range(2), range(1, 6), range(3, 5), range(4, 4), range(-1, 2)):
        assert ready.strips(rows) == [ready.render_line(y) for y in rows]
    assert [strip.text for strip in ready.strips(range(2, 5))] == ["line 2", " " * 6, " " * 6]


def test_filters_such_as_no_color_still_apply() -> None:
    class Upper:
        def apply(self, segments: list[Segment], background: object) -> list[Segment]:
            assert background == "ground"
            return [Segment(segment.text.upper()) for segment in segments]

    ready = Ready()
    ready.filters = (Upper(),)
    assert [strip.text for strip in ready.render_lines(Region(1, 0, 5, 1))] == ["INE 0"]
