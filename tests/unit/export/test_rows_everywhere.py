"""A conversation has the same rows on the screen and in what is made of it."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role
from userdesk.export.formats import render
from userdesk.export.looks import looks
from userdesk.export.printed import GUTTER, InRows, printed
from userdesk.export.subject import Subject
from userdesk.markdown.layout.cells import display
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import ViewEntry
from userdesk.tui.message_log.log_view import TEXT_WIDTH

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)
PROSE = "Change it in the **settings**, where *plans* are, or by `plan --change`; "
ANSWERS = {
    "prose": f"# Plans\n\n{PROSE * 4}\n\n{PROSE}\\\nsecond line [here](https://a.example/x) <mailto:b@c.fr>",
    "lists": f"1. {PROSE * 3}\n   - {PROSE * 2}\n   - [x] done\n2. two\n\n   {PROSE * 3}",
    "quotes": f"> {PROSE * 3}\n>\n> > nested {PROSE * 3}\n\n---\n\nend",
    "code": "```python\ndef f():\n\treturn 1  # 名前\n```\n\n    indented " + "x" * 150,
    "table": f"| Plan | Price | Notes |\n|:-|-:|-|\n| 企業 | 9 € | {PROSE * 2} |\n| b | 10 € | 👨‍👩‍👧 ❤️ |",
    "stacked": f"| {' | '.join('ab' * 4 + str(n) for n in range(14))} |\n|{'---|' * 14}\n|{' x |' * 14}",
    "clusters": "👨‍👩‍👧‍👦 👍🏽 🇪🇸 ❤️ 1️⃣ e\u0301 नमस्ते " * 9,
    "hostile": "<b>\x1b[31m\u202e<script>x</script> &amp; " + PROSE * 3,
}
COLOURS = re.compile(r"\x1b\[[\d;]*m")
BACK = re.compile(r"\x1b\[(\d+)A\x1b\[J")


def message(text: str, role: Role = Role.ASSISTANT) -> Message:
    return Message(role=role, text=text, at=AT)


def subject(*messages: Message) -> Subject:
    return Subject.of(Conversation(key="k", bot="acme", created=AT), messages, "Acme")


def bubble_of(shown: Message, width: int = TEXT_WIDTH) -> Bubble:
    bubble = Bubble(ViewEntry(shown), 0)
    bubble.lay_out(width, is_last=False, frame=0)
    return bubble


def on_screen(shown: Message) -> list[str]:
    """Rows as the screen has them; one that is wrapped there is one here, for a browser wraps by itself."""
    bubble = bubble_of(shown)
    found, lines = [], set[int]()
    for row in (bubble.row(number) for number in range(len(bubble)) if bubble.is_body(number)):
        is_drawn_whole = row.prefix == len(row.runs) or any(run.style == "table-border" for run in row.runs)
        if is_drawn_whole:
            found.append(row.text)
        elif row.line not in lines:
            lines.add(row.line)
            found.append(
                "".join(run.text for run in row.runs[: row.prefix]) + bubble.line_part(row.line, 0, 10**9)[1]
            )
    return found


def on_page(shown: Message) -> list[str]:
    rows = re.findall(r'<div class="row.*?>(.*?)</div>', render(subject(shown), "html"))
    return [unescape(re.sub(r"<[^>]+>", "", row)) for row in rows]


@pytest.mark.parametrize("name", ANSWERS)
def test_page_has_the_rows_of_the_screen(name: str) -> None:
    assert on_page(message(ANSWERS[name])) == on_screen(message(ANSWERS[name]))


def played(shown: Message, height: int = 1000) -> list[str]:
    """The rows that a terminal has in the end of a message printed in rows, without their gutter."""
    lines = [""]
    for step in printed(subject(shown), InRows(TEXT_WIDTH + GUTTER + 1, height, looks())):
        text = COLOURS.sub("", step.text)
        if back := BACK.match(text):
            assert int(back[1]) < height, "a terminal moves no further than its first row"
            lines[-1 - int(back[1]) :] = [""]
            text = text[back.end() :]
        first, *others = text.replace("\r\n", "\n").split("\n")
        lines[-1] += first
        lines += others
    return [line[GUTTER:].rstrip() for line in lines[1:-1]]


def rows_of(shown: Message) -> list[str]:
    bubble = bubble_of(shown)
    return [display(bubble.row(at).text).rstrip() for at in range(len(bubble)) if bubble.is_body(at)]


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("name", ANSWERS)
def test_replay_has_the_rows_of_the_screen_however_it_came(name: str, size: int) -> None:
    text = ANSWERS[name]
    came = message(text).evolve(chunks=tuple((at, size) for at in range(len(text) // size + 1)))
    assert played(came) == rows_of(came)
    assert played(came, height=6)[-5:] == rows_of(came)[-5:], "rows that can be reached no more stay behind"


@pytest.mark.parametrize("text", ["two\nlines", "  indented\n\twith tabs " * 9, "名前 " * 60])
def test_what_the_user_said_has_the_rows_of_the_screen(text: str) -> None:
    said = message(text, Role.USER)
    assert played(said) == rows_of(said)
    assert on_page(said) == [line.expandtabs(4) for line in text.split("\n")]
