"""The program's own dark and light theme; Textual's are there as well."""

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
        "border": "#343a4c",
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
        "border": "#c3c8d8",
        "footer-key-foreground": "#007f73",
        "input-selection-background": "#2f5fd0 25%",
    },
)
THEMES = (DARK, LIGHT)
