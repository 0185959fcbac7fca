"""The key in pieces: what a reader would see as the key stands nowhere, however a server breaks it up.

Marks, escapes, entities and invisible characters are put between its letters; then it is looked for in what
is shown, printed, exported and reported, the way a reader's program would draw that.
"""

import base64
import html
import json
import re
import unicodedata
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from scripted_server import ScriptedServer, chunked, whole
from userdesk.api import UserdeskClient
from userdesk.domain.chatbot import ApiKey, Chatbot
from userdesk.domain.failure import UserdeskError
from userdesk.domain.message import Status
from userdesk.domain.safe_text import Cleaner, clean, clean_line
from userdesk.domain.secret_mask import KNOWN, MaskedStream

KEY = "sk_live-4eC39HqLyjWD/arjtT+1zdp7dc=="
UNSEEN = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Noncharacter_Code_Point}]")

BETWEEN = (
    *(
        "\u200b\u00ad\ufeff\u2060\u200d\u200c\ufe0f\u034f\u115f\u3164\u180e\u2063\U000e0061\U000e0001\U000e0100"
    ),
    *("\u202e\u2066\x00\x1b\x07\x9b\ufffe\U0001d173\u17b4\n\r"),
    *("*", "**", "_", "__", "***", "~~", "`", "``", "\\", "[", "]"),
    *("&#8203;", "&#x200B;", "&shy;", "&ZeroWidthSpace;", "&zwj;", "&#xfeff;", "&#173;"),
    *("<!-- x -->", "<!---->", "<b>", "</b>", "<br>", '<span class="x">', "<wbr>"),
    *("](https://example.com/)", "](x)[", "][1]", "]("),
    *("<!x>", "<?x y?>", "<![CDATA[x]]>", "<!-->", "\x1b[31;1m", "\x1b]8;;https://example.com\x07"),
)
MATHEMATICAL = {ord("a") + at: 0x1D41A + at for at in range(26)}
ENCODED: tuple[Callable[[str], str], ...] = (
    lambda letter: letter,
    lambda letter: f"&#{ord(letter)};",
    lambda letter: f"&#x{ord(letter):X};",
    lambda letter: f"&#000{ord(letter)};",
    lambda letter: f"%{ord(letter):02x}",
    lambda letter: f"%{ord(letter):02X}",
    lambda letter: f"\\u{ord(letter):04x}",
    lambda letter: f"\\x{ord(letter):02X}",
    lambda letter: letter if letter.isalnum() else f"\\{letter}",
    str.upper,
    str.lower,
    lambda letter: chr(ord(letter) + 0xFEE0),
    lambda letter: letter.translate(MATHEMATICAL),
)


@st.composite
def broken(draw: st.DrawFn, key: str = KEY) -> str:
    """The key with something put between its letters, and letters that are written in another way."""
    between = draw(st.lists(st.sampled_from(("", *BETWEEN)), min_size=len(key) - 1, max_size=len(key) - 1))
    style = draw(st.sampled_from(ENCODED))
    mixed = draw(st.booleans())
    letters = [(draw(st.sampled_from(ENCODED)) if mixed else style)(letter) for letter in key]
    if draw(st.booleans()):  # broken in one place alone, as a person would
        only = draw(st.integers(0, len(between) - 1))
        between = ["" if at != only else each for at, each in enumerate(between)]
    text = "".join(a + b for a, b in zip(letters, [*between, ""], strict=True))
    return draw(st.sampled_from(("{}", "Your key is {}.", "**{}**", "| {} |\n|-|", "`{}`", "# {}\n"))).format(
        text
    )


PLAIN_BREAKS = [between.join(KEY) for between in BETWEEN] + [
    KEY[:9] + between + KEY[9:] for between in BETWEEN
]


def seen(text: str) -> str:
    """A text as a terminal that draws nothing for what is invisible shows it."""
    return UNSEEN.sub("", text)


def rendered(text: str) -> str:
    """Markdown as somebody else's renderer shows it."""
    page = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough").render(text)
    return seen(html.unescape(re.sub(r"<!--.*?-->|<[^>]*>", "", page, flags=re.S)))


def holds_key(text: str, key: str = KEY) -> bool:
    return key.lower() in unicodedata.normalize("NFKC", text).lower()


@pytest.fixture(autouse=True)
def key() -> ApiKey:
    return ApiKey(KEY)


@given(broken())
@example(KEY)
@example(base64.b64encode(KEY.encode()).decode())
@settings(max_examples=100)
def test_no_text_that_is_shown_holds_it(text: str) -> None:
    ApiKey(KEY)
    shown = clean(text)
    assert not holds_key(seen(shown))
    assert not holds_key(rendered(shown))
    assert not holds_key(seen(clean_line(text)))


@given(broken(), st.integers(1, 40))
@settings(max_examples=100)
def test_no_piece_of_a_stream_holds_it(text: str, size: int) -> None:
    """Cut anywhere: what the client hands on, and what is printed as it comes."""
    ApiKey(KEY)
    for stream in (MaskedStream(KNOWN), Cleaner()):
        pieces = [stream.feed(text[at : at + size]) for at in range(0, len(text), size)]
        shown = "".join(pieces) + stream.flush()
        assert not holds_key(seen(shown))


@given(broken(), st.integers(12, 100), st.integers(1, 40))
@settings(max_examples=50)
def test_no_row_of_the_log_shows_it(text: str, width: int, size: int) -> None:
    """Wrapped anywhere, in any runs, at every moment of its arrival."""
    from userdesk.markdown.document import Document, whole
    from userdesk.markdown.layout.plain import plain_layout

    ApiKey(KEY)
    cleaner, document = Cleaner(), Document()
    for at in range(0, len(text), size):
        document.append(cleaner.feed(text[at : at + size]))
        check_rows(document.layout(width))
    document.append(cleaner.flush())
    document.finish()
    for layout in (document.layout(width), whole(clean(text), width), plain_layout(clean(text), width)):
        check_rows(layout)


def check_rows(layout) -> None:
    rows = [row.text for row in layout.rows]
    assert not any(map(holds_key, rows))
    drawn = ["".join(run.text for run in row.runs[row.prefix :]) for row in layout.rows]
    assert not holds_key("".join(drawn))
    assert not any(holds_key(layout.line_text(line)) for line in range(layout.line_count))


def test_a_key_that_became_known_later_is_not_drawn() -> None:
    """A document that was parsed before the key was known: its rows are masked when they are laid out."""
    from userdesk.markdown.document import Document

    KNOWN.forget_all()
    texts = ("a **{0}** z", "a *{1}*{2} z", "```\n{0}\n```", "| {0} |\n|-|\n| {1}**{2}** |", "> - {1}`{2}`")
    documents = [Document(text.format(KEY, KEY[:9], KEY[9:])) for text in texts]
    ApiKey(KEY)
    for document in documents:
        document.finish()
        for width in (100, 20):
            check_rows(document.layout(width))


async def test_it_is_not_stored(key: ApiKey) -> None:
    """What the client hands on is what is stored: the key is not in it once it is cleaned and read."""
    texts = PLAIN_BREAKS[::2]
    scripts = []
    for text in texts:
        data = text.encode("utf-8", "replace")
        scripts += [
            chunked([data[at : at + 5] for at in range(0, len(data), 5)]),
            whole(200, {"success": True, "conversationId": f"e-{text}", "response": text}),
            whole(400, {"message": text}),
        ]
    told = []
    async with ScriptedServer(*scripts) as server:
        chatbot = Chatbot("test", "Test", "1", server.base_url)
        async with aclosing(UserdeskClient(chatbot, key)) as client:
            for _ in scripts:
                try:
                    async with client.stream("Hi", "e1") as answer:
                        told.append("".join([chunk.text async for chunk in answer]))
                    told.append(answer.conversation_id or "")
                except UserdeskError as error:
                    told.append(f"{error.failure.message} {error.failure.detail}")
    KNOWN.forget_all()  # what is cleaned now is what was handed on, nothing is masked any more
    for text in told:
        assert not holds_key(seen(clean(text)))
        assert not holds_key(rendered(clean(text)))


def lay_conversation(data_dir: Path) -> None:
    """A transcript of before the key was one, or of another program."""
    (data_dir / "transcripts").mkdir(parents=True)
    (data_dir / "conversations.toml").write_text(
        f'version = 1\n[[conversation]]\nkey = "k1"\nid = "e-{KEY}"\nbot = "env"\ntitle = "about {KEY}"\n'
    )
    lines = [{"role": "user", "text": f"my key {KEY}"}]
    for text in PLAIN_BREAKS:
        failure = {"kind": "server_error", "words": text, "detail": text, "status": 500}
        lines.append({"role": "assistant", "text": text, "status": "failed", "failure": failure})
    data = "".join(json.dumps(line) + "\n" for line in lines)
    (data_dir / "transcripts" / "k1.jsonl").write_text(data)


@pytest.mark.parametrize(
    "command",
    [
        "replay k1 --speed 1000",
        "export k1 --format md",
        "export k1 --format json",
        "export k1 --format html",
        "export k1 --format cast",
        "export k1 --format md --redact",
    ],
)
def test_no_command_prints_it_from_the_disk(
    command: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary
) -> None:
    from userdesk.cli import main

    KNOWN.forget_all()
    lay_conversation(data_dir)
    for name, value in (("DATA_DIR", data_dir), ("CHATBOT_ID", 1), ("API_KEY", KEY)):
        monkeypatch.setenv(f"USERDESK_{name}", str(value))
    assert main(command.split()) == 0
    told = capfdbinary.readouterr()
    text = told.out.decode()
    assert "my key …" in text or "--redact" in command
    for view in (text, html.unescape(re.sub("<[^>]*>", "", text)), told.err.decode()):
        assert not holds_key(seen(view))
    if "md" in command:
        assert not holds_key(rendered(text))
    if "json" in command:
        assert not any(holds_key(seen(each["text"])) for each in json.loads(text)["messages"])


@pytest.mark.parametrize("command", ["replay k1 --speed 1000", "export k1 --format md"])
def test_keys_in_the_systems_keyring_are_masked_too(
    command: str, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary
) -> None:
    import keyring

    from userdesk.cli import main

    KNOWN.forget_all()
    lay_conversation(data_dir)
    (tmp_path / "config.toml").write_text('[bots.acme]\nchatbot_id = "1"\n')
    monkeypatch.setattr(keyring, "get_password", lambda service, name: KEY)
    monkeypatch.setenv("USERDESK_DATA_DIR", str(data_dir))
    monkeypatch.setenv("USERDESK_CONFIG", str(tmp_path / "config.toml"))
    assert main(command.split()) == 0
    text = capfdbinary.readouterr().out.decode()
    assert "my key …" in text and not holds_key(seen(text))


def test_what_a_report_and_a_failure_say_of_it() -> None:
    from datetime import UTC, datetime

    from userdesk.domain.failure import Failure, FailureKind
    from userdesk.domain.wording import failure_line
    from userdesk.questions.model import Question, QuestionSet
    from userdesk.questions.outcome import Outcome, Result, Run
    from userdesk.questions.report import Report
    from userdesk.questions.report_files import FORMATS
    from userdesk.questions.report_text import text_report

    for text in PLAIN_BREAKS[::5]:
        words = clean_line(text)
        failure = Failure(FailureKind.SERVER_ERROR, words, status=500, detail=words)
        question = Question(ask=f"What is {KEY}?")
        run = Run(outcome=Outcome.FAILED, answer=clean(text), failure=failure)
        result = Result(number=1, question=question, runs=(run,))
        report = Report(
            questions=QuestionSet(f"About {words}", (question,)),
            chatbot=clean_line(text),
            started=datetime(2026, 11, 21, tzinfo=UTC),
            seconds=1.0,
            results=(result,),
        )
        reports = [form(report) for form in FORMATS.values()]
        for told in (*reports, "\n".join(text_report(report))):
            for view in (told, html.unescape(told), rendered(told)):
                assert not holds_key(seen(view)), (text, told)
        assert not holds_key(seen(failure_line(Status.FAILED, failure)))
