"""The slash commands show what a demo needs."""

import json
import unicodedata

import pytest
from markdown_it import MarkdownIt

from userdesk.demo.bot.commands import DESCRIPTIONS, Manner, is_command, run_command
from userdesk.demo.bot.responder import answer
from userdesk.demo.bot.texts import LONGEST, ready_made
from userdesk.demo.error_responses import FAILURES, ErrorResponse

WELCOME = ready_made("welcome")

DOCUMENTED = ["400", "400-conversation", "401", "401-missing", "403", "500", "429", "502", "json"]


def test_the_welcome_message_names_every_command_and_leaves_room() -> None:
    """A screen of 80 by 24 shows it whole."""
    commands = [name.split()[0] for name in DESCRIPTIONS if name != "/help"]
    assert [command for command in commands if command not in WELCOME] == []
    assert [kind for kind in DOCUMENTED if f"{kind}`" not in WELCOME] == []
    assert "F9" in WELCOME
    rows = sum(1 + len(line) // 74 for line in WELCOME.splitlines())
    assert rows <= 12


@pytest.mark.parametrize("kind", DOCUMENTED)
def test_every_failure_can_be_asked_for(kind: str) -> None:
    """`/fail` refuses with the status its name begins with; `json` with a broken success."""
    with pytest.raises(ErrorResponse) as refused:
        run_command(f"/fail {kind}")
    assert refused.value.status == (200 if kind == "json" else int(kind[:3]))
    assert list(FAILURES) == DOCUMENTED


def test_the_bodies_of_failures() -> None:
    """JSON that says what happened, a gateway's HTML, and JSON that breaks off."""
    assert json.loads(FAILURES["401-missing"].body) == {"success": False, "message": "Missing API Key"}
    assert FAILURES["429"].headers == {"Retry-After": "5"}
    assert FAILURES["502"].content_type == "text/html"
    with pytest.raises(ValueError, match="Unterminated"):
        json.loads(FAILURES["json"].body)


@pytest.mark.parametrize("message", ["/nonsense", "/help", "/HELP"])
def test_an_unknown_command_and_help_list_all(message: str) -> None:
    """Nobody has to guess."""
    assert [command for command in DESCRIPTIONS if command not in answer(message, []).text] == []


@pytest.mark.parametrize("message", ["/fail", "/fail 418", "/fail 400 500"])
def test_an_unknown_failure_lists_those_there_are(message: str) -> None:
    """A typo in the kind is told, not answered with a failure."""
    assert all(f"`{kind}`" in run_command(message).text for kind in DOCUMENTED)


@pytest.mark.parametrize(
    ("message", "lines"), [("/long", 200), ("/long 3", 3), ("/long 0", 1), ("/Long 40", 40)]
)
def test_long_has_as_many_lines_as_asked(message: str, lines: int) -> None:
    """Numbered lines, headings aside."""
    text = run_command(message).text
    assert sum(line[:1].isdigit() for line in text.splitlines()) == lines


def test_long_is_bounded() -> None:
    """However many lines are asked for."""
    text = run_command("/long 999999999").text
    assert LONGEST * 0.99 < len(text) <= LONGEST
    assert "How long" in run_command("/long very").text
    assert "How long" in run_command("/long 99999999999999999999").text


def test_manners() -> None:
    """What is special about /slow and /drop is how they are sent."""
    assert run_command("/slow").manner is Manner.SLOW
    assert run_command("/drop").manner is Manner.DROPPED
    assert run_command("/markdown").manner is Manner.PLAIN


def test_markdown_shows_every_kind_of_block() -> None:
    """Headings, nested and task lists, a table, two languages, a quote, a rule, links, strikethrough."""
    text = run_command("/markdown").text
    wanted = [
        "# ",
        "### ",
        "\n1. ",
        "\n     - ",
        "- [x]",
        "- [ ]",
        "|:--",
        "```python",
        "```rust",
        "\n> ",
        "\n---\n",
    ]
    assert [mark for mark in [*wanted, "](https://", "~~"] if mark not in text] == []


@pytest.mark.parametrize("command", ["/markdown", "/unicode", "/slow", "/drop"])
def test_prose_has_line_breaks_only_between_paragraphs(command: str) -> None:
    """A chat shows each line break, so one that only keeps the source narrow would leave a ragged edge."""
    blocks = MarkdownIt().enable("table").parse(run_command(command).text)
    assert not [part for block in blocks for part in block.children or () if part.type == "softbreak"]


def test_unicode_shows_scripts_emoji_and_marks() -> None:
    """Wide, right-to-left, combining, joined and boxed."""
    text = run_command("/unicode").text
    assert {unicodedata.bidirectional(letter) for letter in text} >= {"L", "R", "AL", "NSM"}
    assert any(unicodedata.east_asian_width(letter) == "W" for letter in text)
    assert all(mark in text for mark in ("\u200d", "\ufe0f", "🇪🇸", "┌", "👍🏽"))
    assert any(unicodedata.combining(letter) for letter in text)


@pytest.mark.parametrize("message", ["/ in the log", "/etc/hosts is a file", "what does /fail do", "", "1/2"])
def test_what_only_looks_like_a_command(message: str) -> None:
    """A path or a lone slash is a message like others."""
    assert not is_command(message)


def test_a_question_about_a_command_is_answered() -> None:
    """Asking what a command does does not run it."""
    assert "/fail KIND" in answer("what does /fail do?", []).text
