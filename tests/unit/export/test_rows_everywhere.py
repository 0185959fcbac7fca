"""A conversation has the same rows on the screen and in what is made of it."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from userdesk.domain.conversation import Conversation
from userdesk.domain.message import Message, Role
from userdesk.export.formats import render
from userdesk.export.subject import Subject
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
            found.append("".join(run.text for run in row.runs[: row.prefix]) + bubble.line_text(row.line))
    return found


def on_page(shown: Message) -> list[str]:
    rows = re.findall(r'<div class="row.*?>(.*?)</div>', render(subject(shown), "html"))
    return [unescape(re.sub(r"<[^>]+>", "", row)) for row in rows]


@pytest.mark.parametrize("name", ANSWERS)
def test_page_has_the_rows_of_the_screen(name: str) -> None:
    assert on_page(message(ANSWERS[name])) == on_screen(message(ANSWERS[name]))
