"""Contrast of text with the ground it stands on: every cell of every screen in every theme."""

from collections.abc import Awaitable, Callable, Iterable

import pytest
from rich.color import ColorType
from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from demo_server import DemoServer
from program_driver import ProgramDriver
from userdesk.tui.themes import THEMES

FOREIGN = [name for name in BUILTIN_THEMES if not name.startswith("ansi")]
"""The framework's themes, but for those whose colours are the terminal's own."""
READABLE = 4.5
"""Contrast of text, as WCAG 2.2's success criterion 1.4.3 has it."""
LINES = "─│╭╮╰╯━┃▁▂▃▄▅▆▇█▀▔▊▌▎▐▕▗▖▝▘┬┴├┤┼╞╪╡═"
ANSWER = """# Opening hours

Open **Monday** to *Friday*, not ~~Sunday~~: see [the page](https://example.com/hours) and `hours --all`.

> Quoted from the door.

- [x] done
- [ ] open

| day | hours |
|---|---|
| Monday | 9 to 5 |

```python
def hours(day: str) -> int:
    # closed on Sundays
    return 0 if day == "Sunday" else 8
```

## Second
### Third
---
"""


def contrast(style: Style, page: Color) -> float:
    """Between the text and the ground of a cell."""
    text, ground = (
        Color.from_rich_color(colour) if colour and colour.type is not ColorType.DEFAULT else fallback
        for colour, fallback in ((style.color, page.inverse), (style.bgcolor, page))
    )
    if style.reverse:
        text, ground = ground, text
    if style.dim:
        text = ground.blend(text, 0.5)
    lighter, darker = sorted((luminance(text), luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Color) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def unreadable(ui: ProgramDriver) -> set[str]:
    """The texts on the screen whose contrast is too low."""
    page = Color.parse(ui.app.theme_variables["background"])
    found = set()
    dialogs = ui.screen.query(".dialog")
    for y, strip in enumerate(ui.strips(dialogs.first().region if dialogs else None)):
        for segment in strip:
            text = segment.text.strip().strip(LINES).strip()
            if text and segment.style and (ratio := contrast(segment.style, page)) < READABLE:
                found.add(f"{ratio:.2f} {text[:30]!r} in row {y}")
    return found


async def in_themes(ui: ProgramDriver, where: str, themes: Iterable[str]) -> str:
    """What cannot be read on the screen that is open, a line each."""
    found = []
    for theme in themes:
        ui.app.theme = theme
        await ui.press()
        found += [f"{where}, {theme}: {text}" for text in sorted(unreadable(ui))]
    return "\n".join(found)


async def in_the_log(ui: ProgramDriver, server: DemoServer) -> None:
    server.answer_next(ANSWER)
    await ui.ask("When are you open?")


async def failed(ui: ProgramDriver, server: DemoServer) -> None:
    await ui.ask("/fail 500")


async def chosen(ui: ProgramDriver, server: DemoServer) -> None:
    server.answer_next(ANSWER)
    await ui.ask("When are you open?")
    await ui.act("escape", "shift+tab", "up")


async def found(ui: ProgramDriver, server: DemoServer) -> None:
    server.answer_next(ANSWER)
    await ui.ask("When are you open?")
    await ui.act("ctrl+f", *"day")


async def selected(ui: ProgramDriver, server: DemoServer) -> None:
    server.answer_next(ANSWER)
    await ui.ask("When are you open?")
    ui.log_view.text_select_all()
    await ui.press()
    assert ui.selected_text


async def sidebar(ui: ProgramDriver, server: DemoServer) -> None:
    server.answer_next(ANSWER)
    await ui.ask("When are you open?")
    await ui.act("ctrl+n", "tab")


def pressing(*keys: str) -> Callable[[ProgramDriver, DemoServer], Awaitable[None]]:
    """Press these keys."""

    async def press(ui: ProgramDriver, server: DemoServer) -> None:
        await ui.act(*keys)

    return press


SCREENS: dict[str, Callable[[ProgramDriver, DemoServer], Awaitable[None]]] = {
    "log": in_the_log,
    "failed": failed,
    "chosen": chosen,
    "found": found,
    "selected": selected,
    "sidebar": sidebar,
    "help": pressing("f1"),
    "palette": pressing("ctrl+p", *"con"),
    "switcher": pressing("ctrl+t", *"a"),
    "chatbots": pressing("f9"),
    "presenter": pressing("f10"),
}


@pytest.mark.parametrize("name", SCREENS)
async def test_text_can_be_read(name: str, server: DemoServer, open_ui) -> None:
    """In our themes, and in two others for each screen: all of them together."""
    own = [theme.name for theme in THEMES]
    others = FOREIGN[list(SCREENS).index(name) :: len(SCREENS)]
    async with open_ui(server.base_url) as ui:
        await SCREENS[name](ui, server)
        assert await in_themes(ui, name, (*own, *others)) == ""


@pytest.mark.torture
@pytest.mark.parametrize("name", SCREENS)
async def test_text_can_be_read_in_every_theme(name: str, server: DemoServer, open_ui) -> None:
    async with open_ui(server.base_url) as ui:
        await SCREENS[name](ui, server)
        assert await in_themes(ui, name, FOREIGN) == ""
