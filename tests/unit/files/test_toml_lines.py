"""The line of each key, table and item of a TOML text, as its reader counts them."""

import pytest

from userdesk.files.toml_lines import TomlLines

TEXT = """\
title = "a # [b]"  # [c]
a.b.c = 1
list = [
  'x',  # ] ,

  "y", [1,
  2],
]

[bots.acme]
name = '''
[user]
x = 1
'''
"dotted.name" = 2

[[question]]
ask = "1"
[[question]]
ask = "2"
expect = ["p",
 "q"]
[question.extra]
deep = 3
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 1),
        (("a",), 2),
        (("a", "b"), 2),
        (("a", "b", "c"), 2),
        (("list",), 3),
        (("list", 0), 4),
        (("list", 1), 6),
        (("list", 2), 6),
        (("list", 3), 3),
        (("bots", "acme"), 10),
        (("bots", "acme", "name"), 11),
        (("bots", "acme", "x"), 10),
        (("bots", "other"), 10),
        (("user",), None),
        (("bots", "acme", "dotted.name"), 15),
        (("question",), 17),
        (("question", 0), 17),
        (("question", 0, "ask"), 18),
        (("question", 1), 19),
        (("question", 1, "expect", 0), 21),
        (("question", 1, "expect", 1), 22),
        (("question", 1, "expect", 9), 21),
        (("question", 1, "extra"), 23),
        (("question", 1, "extra", "deep"), 24),
        (("question", 2, "ask"), 17),
        ((), None),
    ],
)
def test_the_line_of_what_stands_there_or_of_what_is_around_it(
    path: tuple[str | int, ...], line: int | None
) -> None:
    assert TomlLines(TEXT).line(*path) == line


def test_items_of_a_list_of_inline_tables() -> None:
    lines = TomlLines("question = [{ask = 'a, b'},\n\n  {ask = [1, 2]}]\nnext = 1\n")
    assert [lines.line("question", item) for item in range(3)] == [1, 3, 1]
    assert lines.line("next") == 4
