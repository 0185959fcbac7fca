"""How a scroll bar is drawn."""

from textual.scrollbar import ScrollBar

from userdesk.tui.terminal import open_widgets


def test_bars_consist_of_whole_cells_and_are_as_long_at_any_place() -> None:
    assert ScrollBar.renderer is open_widgets.WholeCells
    for position in range(24):
        bar = ScrollBar.renderer.render_bar(size=10, virtual_size=33, window_size=10, position=position)
        assert {segment.text for segment in bar.segments} == {" "}
        assert [bool(segment.style and segment.style.reverse) for segment in bar.segments].count(True) == 4
