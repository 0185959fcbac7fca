"""Takes the picture of `userdesk check`: the real command against the embedded chatbot, times and all."""

import os
import re
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).resolve().parent
WIDTH = 122  # cells
SET = """\
title = "What every newcomer asks"

[[question]]
ask = "How do I stop an answer?"
expect = ["Esc"]
within = 8.0

[[question]]
ask = "how do i qiut"
expect = ["Ctrl\\\\+Q", "(?i)saved"]
forbid = ["(?i)as an ai"]

[[question]]
ask = "Which keys copy a message?"
expect = ["Ctrl\\\\+Y"]
"""
COLOURS = {"✓": "green", "✗": "bold red", "│": "bright_black"}


def checked() -> str:
    """What the command prints into a pipe."""
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "questions.toml"
        path.write_text(SET, "utf-8")
        command = [sys.executable, "-m", "userdesk", "check", path.name, "--demo"]
        environment = {**os.environ, "HOME": home, "USERDESK_DATA_DIR": f"{home}/data"}
        done = subprocess.run(command, capture_output=True, cwd=home, env=environment, text=True, check=False)
    if done.returncode != 1:  # one of its expectations does not hold
        sys.exit(f"userdesk check ended with {done.returncode}: {done.stderr}")
    return done.stdout


def main() -> None:
    """Draw it as a terminal shows it."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True)
    console.print(Text("$ userdesk check questions.toml --demo", style="bold"))
    for line in checked().rstrip().splitlines():
        text = Text(line)
        for sign, style in COLOURS.items():
            text.highlight_regex(f"{sign}.*" if sign != "✓" else sign, style)
        console.print(text)
    svg = console.export_svg(title="userdesk check")
    svg = re.sub(r"@font-face\s*{.*?}", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", '"Fira Code", "DejaVu Sans Mono"').replace('""', '"')
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    # Without it some viewers drop the blanks that a text begins with.
    svg = svg.replace("<text ", '<text xml:space="preserve" ')
    (HERE / "check.svg").write_text(
        "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n", "utf-8"
    )
    print("screenshots/check.svg")


if __name__ == "__main__":
    main()
