"""Makes data folders of any size in seconds: what they hold is drawn from a few texts, by a seed."""

import json
import os
import random
from pathlib import Path

WORDS = (
    *("refund", "policy", "order", "invoice", "delivery", "customer", "please", "account", "password"),
    *(
        "reset",
        "shipping",
        "update",
        "country",
        "card",
        "payment",
        "error",
        "page",
        "Größe",
        "東京",
        "👩‍👩‍👧",
    ),
)
BEGIN = 1_740_000_000  # s since 1970: when the first conversation was last written to
MINUTE = 60


def large_folder(data: Path, conversations: int, messages: int, *, seed: int = 1) -> Path:
    """A folder with so many conversations of so many messages each, the last one the most recent.

    The last message of each ends with the word that `last_word` gives.
    """
    dice = random.Random(seed)
    (data / "transcripts").mkdir(parents=True)
    pool = [
        "".join(
            _line(at, " ".join(dice.choices(WORDS, k=8 if at % 2 == 0 else 24))) for at in range(messages - 1)
        )
        for _ in range(32)
    ]
    index = ["version = 1\n"]
    for number in range(conversations):
        key = f"{number:016x}"
        path = data / "transcripts" / f"{key}.jsonl"
        path.write_text(dice.choice(pool) + _line(1, f"Done: {last_word(number)}"), "utf-8")
        os.utime(path, (BEGIN + MINUTE * number,) * 2)
        title = " ".join(dice.choices(WORDS, k=5))
        index.append(
            f'\n[[conversation]]\nkey = "{key}"\nid = "c{number}"\nbot = "env"\ntitle = "{title}"\n'
            "created = 2025-01-01T00:00:00Z\n"
        )
    # As a turn leaves it, whose answer's file went when the answer was saved.
    os.utime(data / "transcripts", (BEGIN + MINUTE * (conversations - 1),) * 2)
    (data / "conversations.toml").write_text("".join(index), "utf-8")
    return data


def last_word(number: int) -> str:
    """What the last message of a conversation ends with, by the conversation's number."""
    return f"fin{number}"


def _line(at: int, text: str) -> str:
    role = "assistant" if at % 2 else "user"
    return json.dumps({"role": role, "text": text, "at": "2025-02-19T10:00:00Z"}, ensure_ascii=False) + "\n"
