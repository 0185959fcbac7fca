"""The embedded chatbot's ready-made texts, from the Markdown files in `texts/`, and one of any length."""

from functools import cache
from importlib.resources import files

LONGEST = 100_000
"""Characters of the longest answer."""
LONG_LINES = 200


@cache
def ready_made(name: str) -> str:
    """The text of that name."""
    return (files("userdesk.demo.bot") / "texts" / f"{name}.md").read_text("utf-8").rstrip("\n")


def long_answer(lines: int) -> str:
    """That many lines, as far as they fit into `LONGEST` characters, under a heading here and there."""
    sentences, answer = ready_made("long").splitlines(), ""
    for number in range(1, lines + 1):
        heading = f"## Part {number // 20 + 1}\n\n" if number % 20 == 1 else ""
        end = "\n\n" if number % 20 == 0 else "\n"
        part = f"{heading}{number}. {sentences[number % len(sentences)]}{end}"
        if len(answer) + len(part) > LONGEST:
            break
        answer += part
    return answer
