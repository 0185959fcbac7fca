"""A conversation in files: whole, safe, and nothing in it taken for markup."""

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from markdown_it import MarkdownIt

from userdesk.domain.chatbot import User
from userdesk.domain.conversation import Conversation
from userdesk.domain.failure import Failure, FailureKind
from userdesk.domain.message import Message, Metrics, Role, Status
from userdesk.domain.timestamps import moment
from userdesk.domain.verdict import Judgement, Verdict
from userdesk.export.formats import FORMATS, format_of_name, render
from userdesk.export.redaction import redacted
from userdesk.export.subject import Subject
from userdesk.markdown.layout.rows import STYLES

AT = datetime(2026, 11, 21, 20, 54, tzinfo=UTC)
HOSTILE = "\x1b]52;c;aGk=\x07\x9b31m\u202eevil\u2066\x00<script>alert(1)</script>&#x202e;"


def conversation(**fields: Any) -> Conversation:
    return Conversation(
        **{"key": "k", "bot": "acme", "created": AT, "id": "id-1", "title": "Opening"} | fields
    )


def user(text: str, **fields: Any) -> Message:
    return Message(role=Role.USER, text=text, at=AT, **fields)


def assistant(text: str, **fields: Any) -> Message:
    return Message(role=Role.ASSISTANT, text=text, at=AT, **fields)


def subject(*messages: Message, chatbot: str = "Acme support", **fields: Any) -> Subject:
    return Subject.of(conversation(**fields), messages, chatbot)


@pytest.mark.parametrize(
    ("name", "time"),
    [("md", "2026-11-21 20:54 UTC"), ("html", "2026-11-21 20:54 UTC"), ("json", "2026-11-21T20:54:00Z")],
)
def test_who_said_what_and_when_stands_in_every_format(name: str, time: str) -> None:
    text = render(subject(user("Hello"), assistant("Hi")), name)
    assert text.count(time) == 3  # when it was created, and each message
    assert "Acme support" in text


def test_markdown_names_the_chatbot_at_its_top_and_over_each_answer() -> None:
    lines = render(subject(user("Hello"), assistant("Hi"), assistant("Ho")), "md").splitlines()
    assert lines[2].startswith("Acme support · started ")
    assert sum(line.startswith("## ◆ Acme support · ") for line in lines) == 2


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_text_is_harmless_wherever_it_stands(name: str) -> None:
    failure = Failure(FailureKind.SERVER_ERROR, HOSTILE, status=500, detail=HOSTILE)
    everywhere = subject(
        user(HOSTILE),
        assistant(HOSTILE, status=Status.FAILED, failure=failure, conversation_id=HOSTILE),
        chatbot=HOSTILE,
        id=HOSTILE,
        title=HOSTILE,
        previous_ids=(HOSTILE,),
        chatbot_id=HOSTILE,
        base_url=HOSTILE,
    )
    text = render(everywhere, name)
    assert "evil" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_html_has_no_element_of_the_conversation_and_loads_nothing() -> None:
    page = Elements(
        render(subject(user("<img src=x onerror=y>"), assistant(HOSTILE), title="</title><b>"), "html")
    )
    assert {tag for tag, _ in page.found}.isdisjoint({"script", "img", "b", "link", "iframe", "object"})
    assert not [a for _, attributes in page.found for a in attributes if a in ("src", "onerror", "onclick")]
    policy = next(a["content"] for t, a in page.found if t == "meta" and "http-equiv" in a)
    assert policy and "default-src 'none'" in policy
    assert "<img src=x onerror=y>" in page.text


def test_html_links_are_only_those_that_can_be_opened() -> None:
    refused = "[b](javascript:alert(1)) [c](ssh://-oProxyCommand=x)"
    text = f'[a](https://a.example/?x=1&y="2) {refused} <mailto:d@e.fr>'
    page = Elements(render(subject(assistant(text)), "html"))
    links = [attributes["href"] for tag, attributes in page.found if tag == "a"]
    assert links and all(link and link.startswith(("https://a.example/", "mailto:d@e.fr")) for link in links)


def test_html_shows_what_the_screen_shows() -> None:
    page = Elements(
        render(
            subject(
                user("What | about\n  <this>?"),
                assistant(
                    "## Hours\n\n- **Monday**\n\n```python\nx = 1\n```", metrics=Metrics(0.4, 2.1, 312)
                ),
                assistant("Half an", status=Status.INTERRUPTED, conversation_id="id-2"),
            ),
            "html",
        )
    )
    classes = {name for _, a in page.found for name in (a.get("class") or "").split()}
    assert {
        "user",
        "assistant",
        "heading2",
        "strong",
        "marker",
        "code-block",
        "interrupted",
        "divider",
    } <= classes
    assert ("div", {"class": "row", "role": "heading", "aria-level": "2"}) in page.found
    assert "  <this>?" in page.text
    assert "0.4 s first text · 2.1 s · 312 chars" in page.text
    assert "❯" in page.text and "◆" in page.text


def test_wide_characters_keep_their_cells() -> None:
    page = Elements(render(subject(assistant("| 名前 | x |\n|---|---|\n| 🦜 | y |")), "html"))
    widths = [a["style"] for _, a in page.found if "wide" in (a.get("class") or "")]
    assert widths and all(width and re.fullmatch(r"width:\d+ch", width) for width in widths)


def test_columns_stay_aligned_behind_wide_characters() -> None:
    """In a fence the wide characters alone get a box of their own; marks stay with their letter."""
    page = render(subject(assistant("```\n│ 名前 │ e\u0301 │\n```")), "html")
    wide = '<span class="wide" style="width:4ch">名前</span>'
    marked = '<span class="wide" style="width:6ch"> │ e\u0301 │</span>'
    assert f"│ {wide}{marked}" in page


def test_stylesheet_knows_every_style() -> None:
    page = render(subject(assistant("x")), "html")
    assert [name for name in STYLES if f".{name}" not in page] == []


def test_markdown_shows_what_was_typed_as_it_was_typed() -> None:
    typed = "# no *heading*\n- no list\n1. no item\n    no code\n<b> & `x` [a](b)\n> no quote\n\n=="
    html = MarkdownIt("commonmark").render(render(subject(user(typed)), "md"))
    quote = html[html.index("<blockquote>") : html.index("</blockquote>")]
    for tag in ("<h1", "<ul", "<ol", "<pre", "<code", "<em", "<a ", "<b>"):
        assert tag not in quote
    plain = re.sub(r"<[^>]+>", "", quote).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert [line.strip() for line in plain.split("\n") if line.strip()] == [
        line.strip() for line in typed.split("\n") if line.strip()
    ]


def test_markdown_keeps_answers_and_says_how_they_ended() -> None:
    failure = Failure(FailureKind.WRONG_KEY, "Wrong API Key", status=401)
    text = render(
        subject(
            assistant("Open **Settings**", metrics=Metrics(0.4, 2.1, 17)),
            assistant("", status=Status.FAILED, failure=failure),
        ),
        "md",
    )
    assert "\n\nOpen **Settings**\n\n*0.4 s first text · 2.1 s · 17 chars · 8 chars/s*" in text
    assert "*failed · 401 · Wrong API Key*" in text


def test_an_answer_cut_inside_a_code_block_does_not_swallow_the_rest() -> None:
    text = render(subject(assistant("````py\nx\n```", status=Status.STOPPED), user("And then?")), "md")
    html = MarkdownIt("commonmark").render(text)
    assert html.count("<h2>") == 2
    assert "And then?" in html[html.index("</pre>") :]


def test_json_holds_everything_that_is_known() -> None:
    failure = Failure(FailureKind.INTERRUPTED, "Lost", status=200, may_have_arrived=True)
    messages = (
        user("Grüße 🦜"),
        assistant("Hi", status=Status.INTERRUPTED, failure=failure, metrics=Metrics(None, 1.0, 2)),
        assistant("Welcome", welcome=True),
    )
    text = render(subject(*messages, previous_ids=("id-0", "id-00")), "json")
    document = json.loads(text)
    assert text == json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    assert (document["title"], document["conversationId"], document["previous_ids"]) == (
        "Opening",
        "id-1",
        ["id-0", "id-00"],
    )
    first, second, third = document["messages"]
    assert first == {"role": "user", "text": "Grüße 🦜", "at": "2026-11-21T20:54:00Z", "status": "complete"}
    assert second["failure"] == {
        "kind": "interrupted",
        "status": 200,
        "message": "Lost",
        "may_have_arrived": True,
    }
    assert second["figures"] == {"first_text": None, "total": 1.0, "characters": 2}
    assert third["welcome"] is True


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:00:00-05:00"])
def test_times_at_the_calendars_ends_are_no_failure(name: str, at: str) -> None:
    end = datetime.fromisoformat(at)
    message = Message(role=Role.USER, text="hello there", at=end)
    assert "hello there" in render(subject(message, created=end), name)


def test_a_time_for_people_has_every_digit() -> None:
    times = [f"{year}-02-03T04:05:06+00:00" for year in ("0987", "1987")]
    assert [moment(datetime.fromisoformat(time)) for time in times] == [
        "0987-02-03 04:05 UTC",
        "1987-02-03 04:05 UTC",
    ]


def test_the_files_name_says_which_format() -> None:
    assert [format_of_name(name) for name in ("a.md", "a.JSON", "a.htm", "a.txt", "a")] == [
        "md",
        "json",
        "html",
        None,
        None,
    ]
    with pytest.raises(KeyError):
        render(subject(), "pdf")


def judged(*notes: str) -> Subject:
    messages = [user("Price?"), *(assistant(f"answer {note}") for note in notes)]
    verdicts = {place: Judgement(Verdict.BAD, note, AT) for place, note in enumerate(notes, 1)}
    return Subject.of(conversation(), messages, "Acme", verdicts)


def test_programs_get_what_was_judged() -> None:
    asked, first, second = json.loads(render(judged("too dear\x1b[2J", ""), "json"))["messages"]
    assert not {"verdict", "note", "judged"} & asked.keys()
    assert first["verdict"] == second["verdict"] == "bad" and "note" not in second
    assert (
        first["note"] == "too dear\N{REPLACEMENT CHARACTER}[2J" and first["judged"] == "2026-11-21T20:54:00Z"
    )


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "json"])
def test_what_others_read_has_no_notes(name: str) -> None:
    assert render(judged("my own note"), name).count("my own note") == 1  # in the answer


def test_redacted_notes_say_nothing_of_people() -> None:
    found = json.loads(render(redacted(judged("call ada@example.com"), User("", "")), "json"))
    assert found["messages"][1]["note"] == "call [email]"
