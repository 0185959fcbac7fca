"""A shelf of saved conversations as somebody who works with a shop's chatbot might have them."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from program_driver import WELCOME

TODAY = date(2025, 5, 15)  # a Thursday; long ago, so that whatever happens now is of today

PASSWORD = """\
You can set a new one without knowing the old one:

1. Open **Settings → Security** and choose *Reset password*.
2. Enter the address you signed up with. We send you a link, good for **30 minutes**.
3. Follow it and choose a password of at least `12` characters.

| Where you are | What you see |
|:--------------|:-------------|
| Web | the form opens in a new tab |
| App | *Security* asks for your fingerprint first |

No mail? Look into the spam folder, then [write to us](https://acme.example/help).
"""
API = """\
Yes. Every order has an address of its own; your key goes into the header:

```python
import httpx

order = httpx.get(
    "https://api.acme.example/v1/orders/A-1042",
    headers={"Authorization": f"Bearer {key}"},
).json()
print(order["status"])  # "shipped"
```

> Keys are made under **Settings → Developers**, and shown only once.
"""


@dataclass(frozen=True)
class Saved:
    """One saved conversation: questions and answers in turn."""

    key: str
    title: str
    at: datetime
    lines: tuple[tuple[str, str], ...] = ()
    pinned: bool = False
    bot: str = "env"


def _at(month: int, day: int, hour: int, minute: int = 0, year: int = 2025) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


LAST = Saved(
    "password",
    "Reset a password",
    _at(5, 15, 11, 42),
    (
        ("How do I reset my password?", PASSWORD),
        ("Can I read the status of an order from a script?", API),
    ),
)
SHELF = (
    LAST,
    Saved(
        "spain", "Shipping to Spain", _at(5, 15, 9, 5), (("Do you ship lamps to Spain?", "Yes, in 3 days."),)
    ),
    Saved("euros", "Invoice in euros", _at(5, 14, 16), (("Can I pay in euros?", "You can."),)),
    Saved(
        "address", "Change the delivery address of an order", _at(5, 14, 8), (("How?", "Under **Orders**."),)
    ),
    Saved("hours", "Opening hours in May", _at(5, 12, 12), (("When are you open?", "From 9 to 18."),)),
    Saved(
        "lamp",
        "Return a damaged lamp",
        _at(5, 2, 12),
        (("My lamp came broken.", "We are sorry! Keep the lamp, a new one is on its way."),),
    ),
    Saved("cards", "Gift cards", _at(11, 21, 12, year=2024), (("Do you sell gift cards?", "We do."),)),
    Saved(
        "onboarding",
        "Onboarding checklist",
        _at(5, 13, 12),
        (("What do new colleagues need?", "An account and a lamp."),),
        pinned=True,
    ),
)
SHORT = (Saved("hello", "A first question", _at(5, 15, 11), (("Are you there?", "I am."),)),)


def put_on_disk(data_dir: Path, new_id: Callable[[], str], shelf: tuple[Saved, ...] = SHELF) -> None:
    """Write conversations.toml and the transcripts as documented, with ids that the server knows."""
    transcripts = data_dir / "transcripts"
    transcripts.mkdir(parents=True, mode=0o700)
    index = ["version = 1"]
    for saved in shelf:
        created = f"{saved.at:%Y-%m-%dT%H:%M:%SZ}"
        index += [
            "",
            "[[conversation]]",
            f'key = "{saved.key}"',
            f'id = "{new_id()}"',
            f'bot = "{saved.bot}"',
        ]
        index += [f"title = {json.dumps(saved.title)}", f"created = {created}"]
        index += ["pinned = true"] if saved.pinned else []
        path = transcripts / f"{saved.key}.jsonl"
        path.write_text("".join(_line(role, text, created) for role, text in _messages(saved)), "utf-8")
        os.utime(path, (saved.at.timestamp(), saved.at.timestamp()))
    (data_dir / "conversations.toml").write_text("\n".join(index) + "\n", "utf-8")


def _messages(saved: Saved) -> list[tuple[str, str]]:
    turns = [pair for ask, answer in saved.lines for pair in (("user", ask), ("assistant", answer))]
    return [("assistant", WELCOME), *turns]


def _line(role: str, text: str, at: str) -> str:
    record: dict[str, object] = {"role": role, "text": text, "at": at, "status": "complete"}
    if role == "assistant" and text != WELCOME:
        total = round(0.4 + len(text) / 250, 1)
        record["figures"] = {"first_text": 0.4, "total": total, "characters": len(text)}
    if text == WELCOME:
        record["welcome"] = True
    return json.dumps(record, ensure_ascii=False) + "\n"
