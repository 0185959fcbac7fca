"""The program's own dark and light theme; Textual's are there as well."""

from textual.color import Color
from textual.theme import Theme

DARK = Theme(
    name="userdesk-dark",
    primary="#7aa2f7",
    secondary="#9d8cff",
    accent="#5fd7c4",
    foreground="#d5d9e6",
    background="#12141c",
    surface="#171a24",
    panel="#1f2330",
    success="#7fd88f",
    warning="#e5b567",
    error="#ff7a85",
    dark=True,
    variables={
        "footer-key-foreground": "#5fd7c4",
        "input-selection-background": "#7aa2f7 30%",
    },
)
LIGHT = Theme(
    name="userdesk-light",
    primary="#2f5fd0",
    secondary="#6a4fd6",
    accent="#007f73",
    foreground="#24283a",
    background="#fbfbfd",
    surface="#f3f4f8",
    panel="#e7e9f1",
    success="#1c7c3a",
    warning="#8a5a00",
    error="#c0263a",
    dark=False,
    variables={
        "footer-key-foreground": "#007f73",
        "input-selection-background": "#2f5fd0 25%",
    },
)
THEMES = (DARK, LIGHT)


def shades(theme: Theme) -> dict[str, str]:
    """Quieter shades of a theme's text, for whatever theme is chosen: `$dim`, `$faint`, `$line`."""
    text = Color.parse(theme.foreground or ("#e0e0e0" if theme.dark else "#1f1f1f"))
    ground = Color.parse(theme.background or ("#121212" if theme.dark else "#efefef"))
    return {
        "dim": text.blend(ground, 0.32).hex,
        "faint": text.blend(ground, 0.5).hex,
        "line": text.blend(ground, 0.78).hex,
    }
