"""No server text commands the terminal, is read as markup, or runs anything: wherever it is shown.

The strings are of the classes that lists of naughty strings collect; each ends in a word to wait for.
"""

import asyncio
import copy
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import regex
import tomli_w
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pseudo_terminal import Terminal
from rich.console import Console

from command_runs import run
from program_driver import ProgramDriver
from scripted_server import ScriptedServer, chunked, raw, whole
from userdesk.domain.safe_text import Cleaner, clean, clean_line

Environment = Callable[..., dict[str, str]]

SEQUENCES = (
    "\x1b]52;c;aGFja2Vk\x07",  # the clipboard
    "\x1b]0;title\x07\x1b]2;title\x1b\\",  # the window's title
    "\x1b]7;file://evil/\x07",  # the working directory
    "\x1b]8;;https://evil.example\x07here\x1b]8;;\x07",  # a link
    '\x1bP$q"p\x1b\\ \x1bP+q544e\x1b\\ \x1b_Gi=1;AAAA\x1b\\ \x1b^pm\x1b\\',  # DCS, APC, PM
    "\x1b[2J\x1b[H\x1b[?1049l\x1b[?25l\x1b[6n\x1b[c\x1b[21t\x1bc\x1b#8",  # the screen, questions, a reset
    "\x9b31m\x9d52;c;eA==\x9c\x90q\x9c\x84\x85\x8d",  # C1
    "".join(map(chr, range(32))).replace("\n", "").replace("\t", "") + "\x7f",
    "".join(map(chr, range(0x80, 0xA0))),
    "\u202egnirts\u202c \u2066isolate\u2069 \u200e\u200f\u061c\u2028\u2029\ufeff\u00ad\u2060\u180e",
    "\U000e0041\U000e0042\U000e007f \ufff9a\ufffab\ufffb",  # tags, interlinear notes
    "Z\u0361\u0322\u035e\u034d a\u0300\u0301\u0302\u0303\u0304\u0305",  # stacked accents
    "\u034f\u17b4\u180b\ufe00\U0001d159\u2800\ufffe\uffff\U0001fffe\u3164\U000e0100",  # seen as nothing
    "ﷺ 𒐫 ꧅ ⸻ 田中さんにあげて下さい 👩\u200d👩\u200d👧 🏴\u200d☠️ ١٢٣ مُنَاقَشَةُ",
)
MARKUP = (
    "[bold]b[/bold] [/oops] [@click=app.quit]quit[/] [link=file:///etc/passwd]x[/link] [red on blue",
    "[@click=app.bell('x')]x[/] $text-success [$accent] {0} {} %s %n ${HOME} $(id) `id` ; rm -rf",
    "<script>alert(1)</script> <b>b</b> &lt;i&gt; &#27;[31m &#x202e;x &#x9b;2J <!-- --> ]]>",
    "'; DROP TABLE conversations; -- \\x1b \\033[2J \\u202e ../../../etc/passwd NUL: COM1",
)
HOSTILE = " ".join((*SEQUENCES, *MARKUP))
# Our own: CSI sequences, keypad modes, and Textual's shape of the mouse pointer.
ALLOWED_CSI = re.compile(r"\x1b\]22;[a-z-]*\x07|\x1b\[[0-9;:?<=>$]*[ -/]*[A-Za-z@~]|\x1b[=>]|\x1b\[<u")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# Controls, what is drawn as nothing, and what is no character; joiners and selectors stay in their place.
FORBIDDEN = regex.compile(
    r"[[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb\u2800\U0001d159]"
    r"\p{Noncharacter_Code_Point}[\p{Default_Ignorable_Code_Point}--[\u200c\u200d\ufe0e\ufe0f]]]",
    regex.V1,
)


def check_written(written: bytes) -> None:
    """What the program wrote is its own control sequences and plain text."""
    text = written.decode("utf-8", "replace")
    for sequence in (
        "\x1b]52",
        "\x1b]0;",
        "\x1b]2;",
        "\x1b]7;",
        "\x1b]8;",
        "\x1bP",
        "\x1b_",
        "\x1b^",
        "\x1bc",
    ):
        assert sequence not in text, sequence
    for sequence in ("\x1b[2J", "\x1b[6n", "\x1b[c", "\x1b[21t", "\x1b#8"):
        assert sequence not in text, sequence
    left = ALLOWED_CSI.sub("", text)
    found = FORBIDDEN.search(left)
    assert found is None, f"{found[0]!r} in {left[max(0, found.start() - 60) : found.end() + 20]!r}"


def pieces(text: str, size: int) -> list[bytes]:
    data = text.encode()
    return [data[at : at + size] for at in range(0, len(data), size)]


def created(conversation_id: str, welcome: str) -> Callable[..., object]:
    return whole(200, {"success": True, "conversationId": conversation_id, "response": welcome})


async def in_terminal(
    environment: dict[str, str], work: Callable[[Terminal], None], *arguments: str
) -> bytes:
    """Work with the program in a terminal while the servers of this loop serve; what it wrote."""

    def written() -> bytes:
        with Terminal(environment, arguments) as terminal:
            work(terminal)
            return bytes(terminal.written)

    return await asyncio.to_thread(written)


async def test_every_place_of_the_screen(environment: Environment, data_dir: Path) -> None:
    hostile_id = "../../x]52;c;eA==[/oops]"
    error = json.dumps({"message": f"detail-of-it {HOSTILE}"}).encode()
    reason = b"HTTP/1.1 500 " + HOSTILE.encode("utf-8").replace(b"\n", b" ").replace(b"\r", b" ")
    server = ScriptedServer(
        created(hostile_id, f"{HOSTILE} the-welcome"),
        chunked(pieces(f"{HOSTILE}\n\n```{HOSTILE}\n{HOSTILE}\n```\n\n|{HOSTILE}|\n|-|\n\nthe-answer", 7)),
        whole(500, error, f"X-Evil: {HOSTILE[200:260].encode('ascii', 'ignore').decode()!r}"),
        raw(reason + b"\r\nContent-Length: 0\r\n\r\n"),
        whole(418, error),
        whole(302, b"", "Location: https://evil.example/%1b]52;c;eA==%07"),
        chunked([b"The end."]),
    )

    def work(terminal: Terminal) -> None:
        terminal.sees("Message Acme", "the-welcome")
        terminal.type("One\r")
        terminal.sees("the-answer", "chars")
        terminal.type("Two\r")
        terminal.sees("500 · An error occurred on the server", "detail-of-it")
        for text, words in (("Three", "did not reply in HTTP"), ("Four", "418"), ("Five", "302")):
            terminal.type(text + "\r")
            terminal.sees(text, words)
        # titles: renamed by a paste, then in sidebar, title, switcher, help, palette and chatbots screen
        terminal.type("\x1bOR")  # F3: the switcher, searching messages
        terminal.sees("Switch to a conversation")
        terminal.type("oops")
        terminal.sees("oops")
        terminal.type("\x1b")
        terminal.misses("Switch to a conversation")
        terminal.type("\x1b[20~")  # F9
        terminal.sees("Connect a chatbot")
        terminal.type("\x1b")
        terminal.misses("Connect a chatbot")
        terminal.type("\x10")  # Ctrl+P
        terminal.sees("Type a command")
        terminal.type("\x1b")
        terminal.misses("Type a command")
        terminal.type("Last\r")
        terminal.sees("The end.")
        terminal.type("\x11")
        assert terminal.ends() == 0

    async with server:
        variables = environment(server.base_url) | {"USERDESK_CHATBOT_NAME": f"Acme [/oops]{HOSTILE[:40]}"}
        written = await in_terminal(variables, work)
    check_written(written)
    assert sorted(path.name for path in data_dir.parent.iterdir() if path.name.startswith("x")) == []


def lay_hostile_conversations(data_dir: Path) -> None:
    """Files that no program of ours would write."""
    (data_dir / "transcripts").mkdir(parents=True)
    title = f"a-title {HOSTILE}"[:400]
    entries = [
        {"key": "k1", "bot": "bot[/x]\x1b[2J\u202e", "title": title, "previous_ids": [HOSTILE]},
        {"key": "k2", "bot": "env", "id": "e1", "title": title, "pinned": True, "\x1b[2J[/oops]": 1},
    ]
    (data_dir / "conversations.toml").write_text(tomli_w.dumps({"version": 1, "conversation": entries}))
    line = json.dumps({"role": "user", "text": f"said-before {HOSTILE}", "conversation_id": HOSTILE})
    failed = {"role": "assistant", "text": HOSTILE, "status": "failed"}
    failed["failure"] = {"kind": "server_error", "words": HOSTILE, "detail": HOSTILE, "status": 500}  # type: ignore[assignment]
    (data_dir / "transcripts" / "k2.jsonl").write_text(f"{line}\n{json.dumps(failed)}\n")
    (data_dir / "drafts").mkdir()
    (data_dir / "drafts" / "k2.txt").write_text(f"a-draft {HOSTILE}")
    verdict = {"message": 1, "sha256": hashlib.sha256(HOSTILE.encode()).hexdigest()[:16], "verdict": "bad"}
    (data_dir / "verdicts").mkdir()
    (data_dir / "verdicts" / "k2.jsonl").write_text(json.dumps(verdict | {"note": f"a-note {HOSTILE}"}))


async def test_titles_and_ids_of_files_written_by_others(environment: Environment, data_dir: Path) -> None:
    lay_hostile_conversations(data_dir)

    def work(terminal: Terminal) -> None:
        terminal.sees("a-title", "Ctrl+R retry", "✗ bad · a-note")
        terminal.type("\x1bOR")  # F3
        terminal.sees("Switch to a conversation")
        terminal.type("\x1b")
        terminal.misses("Switch to a conversation")
        terminal.type("\x11")
        assert terminal.ends() == 0

    async with ScriptedServer(chunked([b"x"])) as server:
        check_written(await in_terminal(environment(server.base_url), work))


async def test_send_is_safe_on_a_terminal_and_raw_in_a_pipe(environment: Environment) -> None:
    answer = f"{HOSTILE} the-end"
    scripts = (created("e1", "Hello"), chunked(pieces(answer, 5)))
    async with ScriptedServer(*scripts) as server:
        written = await in_terminal(
            environment(server.base_url), lambda terminal: terminal.ends() and None, "send", "Hi"
        )
    check_written(written)
    assert b"the-end" in written
    async with ScriptedServer(*scripts) as server:
        done = await asyncio.to_thread(run, environment(server.base_url), "send", "Hi")
    assert done.stdout.rstrip("\n") == answer
    async with ScriptedServer(created("e1", ""), whole(500, {"message": HOSTILE})) as server:
        done = await asyncio.to_thread(run, environment(server.base_url), "send", "Hi")
    check_written(done.stderr.encode())


BOT = "acme"
CONFIG: dict[str, Any] = {
    "default_bot": BOT,
    "theme": HOSTILE,
    HOSTILE: 1,
    "bots": {
        BOT: {"name": HOSTILE, "chatbot_id": "demo", "api_key_env": "ACME_KEY"},
        "other": {"name": HOSTILE, "chatbot_id": HOSTILE},
        f"bad {HOSTILE}": {"chatbot_id": "1"},
    },
    "user": {"name": HOSTILE, HOSTILE: "x"},
    "keys": {HOSTILE: HOSTILE},
}
QUESTION = {"ask": HOSTILE, "expect": ["never said", re.escape(HOSTILE)], "forbid": ["(?s)..*"]}
QUESTIONS = {"title": HOSTILE, "question": [QUESTION]}
EARLIER = {"questions": [{"ask": HOSTILE, "answer": f"a\n{HOSTILE}\nb", "outcome": "held"}]}


@pytest.mark.parametrize(
    "command",
    [
        "doctor --offline",
        "doctor",
        "replay k2 --speed 1000",
        "replay k1",
        "replay HOSTILE",
        "export k2 --format md",
        "export k2 --format html",
        "export k2 --format json",
        "export k2 --format cast",
        "export k1 --format json",
        "export k1 --format html",
        "purge chatbot HOSTILE --yes",
        "purge chatbot hostile --yes",
        "check questions.toml",
        "check questions.toml --bot acme --baseline earlier.json",
        "check wrong.toml",
        "check questions.toml --bot HOSTILE",
        "send Hi",
        "send Hi --conversation HOSTILE",
        "send Hi --json",
        "send Hi --bot acme",
        "send Hi --bot acme --json",
    ],
)
def test_commands_say_nothing_raw_of_files_written_by_others(
    command: str, server, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary
) -> None:
    from userdesk.cli import main

    if command.startswith("check"):
        server.answer_next(HOSTILE)
    else:
        server.fail_next(500, body=json.dumps({"message": HOSTILE}))
    config = copy.deepcopy(CONFIG)
    config["bots"][BOT]["base_url"] = server.base_url
    monkeypatch.setenv("ACME_KEY", server.key)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("USERDESK_DATA_DIR", str(data_dir))
    monkeypatch.setenv("USERDESK_CONFIG", str(tmp_path / "config.toml"))
    lay_hostile_conversations(data_dir)
    for name, document in (
        ("config.toml", config),
        ("questions.toml", QUESTIONS),
        ("wrong.toml", {**QUESTIONS, HOSTILE: HOSTILE}),
    ):
        (tmp_path / name).write_text(tomli_w.dumps(document))
    (tmp_path / "earlier.json").write_text(json.dumps(EARLIER))
    main([HOSTILE if word == "HOSTILE" else word for word in command.split()])
    told = capfdbinary.readouterr()
    assert told.out + told.err
    for written in told:
        assert b"\x1b" not in written
        check_written(written)


def test_doctor_reaches_a_chatbot_of_any_name(server, data_dir: Path, monkeypatch, capfdbinary) -> None:
    from userdesk.cli import main

    for name, value in (
        ("DATA_DIR", str(data_dir)),
        ("CHATBOT_ID", server.chatbot_id),
        ("CHATBOT_NAME", SEQUENCES[5]),
        ("BASE_URL", server.base_url),
        ("API_KEY", server.key),
    ):
        monkeypatch.setenv(f"USERDESK_{name}", value)
    assert main(["doctor"]) == 0
    told = capfdbinary.readouterr()
    assert b"created a conversation" in told.out and b"\x1b" not in told.out


ANY_TEXT = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("\x1b\x07\x9b\x9d\r\n\t[]()@$&#;\\`*_<>|~^-\u202e\u2028\u200b\u0085"),
    ),
    max_size=80,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(ANY_TEXT, st.sampled_from((*SEQUENCES, *MARKUP))), max_size=6))
@example(["a line\r"])
def test_cleaned_text_holds_no_control(parts: list[str]) -> None:
    for text in (clean("".join(parts)), clean_line(" ".join(parts))):
        assert not FORBIDDEN.search(text)
    assert "\n" not in clean_line("".join(parts))
    cleaner = Cleaner()
    assert "".join(map(cleaner.feed, parts)) + cleaner.flush() == clean("".join(parts))


def strips_of(ui: ProgramDriver) -> Iterator[str]:
    console = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", width=120)
    for strip in ui.strips():
        yield strip.render(console)


def check_drawn(ui: ProgramDriver, where: str) -> None:
    """What is drawn now is text and its colours."""
    for line in strips_of(ui):
        found = FORBIDDEN.search(COLOURS.sub("", line))
        assert found is None, f"{found[0]!r} in {where}: {line!r}"


@pytest.mark.torture
async def test_any_text_anywhere_leaves_the_program_alive(open_window, server) -> None:
    """Each place of the screen is given arbitrary text as if it came from the server or a file."""
    from userdesk.domain.failure import Failure, FailureKind
    from userdesk.domain.message import Message, Role, Status, now

    texts: list[str] = []

    @settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.one_of(ANY_TEXT, st.sampled_from((*SEQUENCES, *MARKUP))), min_size=1, max_size=4))
    def collect(parts: list[str]) -> None:
        texts.append("".join(parts))

    collect()
    async with open_window(server.base_url) as window:
        await window.sees("demo chatbot")
        view = window.view()
        for number, text in enumerate((*SEQUENCES, *MARKUP, *texts)):
            failure = Failure(FailureKind.SERVER_ERROR, text, status=500, detail=text)
            view.add(Message(role=Role.USER, text=text, at=now()))
            view.begin_answer()
            for at in range(0, len(text), 3):
                view.grow(text[at : at + 3])
            outcome = Message(
                role=Role.ASSISTANT,
                text=text,
                at=now(),
                status=Status.FAILED,
                failure=failure,
                conversation_id=text,
            )
            view.end_answer(outcome)
            window.show_toast(failure, "Ctrl+R retry")
            window.flash(text)
            window.input_bar.address(clean_line(text, 40))
            await window.service.change(window.current, title=text)
            window.refresh_conversations()
            window.notify(text, title="Please check")
            await window.pilot.pause()
            check_drawn(window, f"text {number}: {text!r}")
            window.clear_notices()
        assert window.is_running and window.crash is None


async def test_a_notice_is_no_markup(open_window, server) -> None:
    async with open_window(server.base_url) as window:
        await window.sees("demo chatbot")
        window.notify(f"{SEQUENCES[0]} {SEQUENCES[5]} {SEQUENCES[6]} {SEQUENCES[9]} hostile", title="A file")
        window.notify("[bold]b[/bold] [/oops] [@click=app.quit]quit[/]", title="Please check")
        await window.sees("hostile", "[bold]b[/bold] [/oops]", "[@click=app.quit]quit[/]")
        check_drawn(window, "a notice")


async def test_dialogs_show_any_text_as_text(open_window, server) -> None:
    from userdesk.domain.chatbot import Chatbot
    from userdesk.tui.dialogs.asking import AskLineScreen, ChoiceScreen, ConfirmScreen
    from userdesk.tui.dialogs.searched_list import PickScreen

    texts = (*SEQUENCES, *MARKUP)
    lines = [clean_line(text, 80) for text in texts]
    bots = [Chatbot("b", text, "7", "https://evil.example") for text in texts]
    changed = [Chatbot("b", text[:30], text, "https://evil.example") for text in (SEQUENCES[5], *MARKUP)]
    async with open_window(server.base_url) as window:
        await window.sees("demo chatbot")
        for screen in (
            ConfirmScreen(" ".join(lines), "Yes"),
            ChoiceScreen(lines[-1], lines),
            AskLineScreen(lines[-2], " ".join(lines)),
            PickScreen("Earlier prompts", list(texts)),
            window.new_chatbots(bots),
            *(window.new_chatbots([bot], change=bot) for bot in changed),
        ):
            await window.push(screen)
            await window.pilot.pause()
            check_drawn(window, type(screen).__name__)
            await window.pop()
        assert window.crash is None


# What is opened, and a word of it on the screen.
PLACES = {
    "rename": "SubText",
    "filter": "SubText",
    "switch": "Switch to a conversation",
    "purge": "Remove for good",
    "chatbots": "Connect a chatbot",
    "earlier_prompts": "an-earlier-prompt",
    "export": "Export this conversation",
    "copy_code": "Which code block?",
    "open_link": "open in the browser",
    "copy_link": "Copied the address",
    "find": "Find",
    "help": "Help",
    "replay": "REPLAY",
    "presenter": "https://fine.example",
}


@pytest.mark.torture
async def test_files_of_others_on_every_screen(open_window, server, data_dir: Path) -> None:
    """What other programs wrote into the data folder, in each place that shows it."""
    lay_hostile_conversations(data_dir)
    code = f"```x{SEQUENCES[5]}\n{SEQUENCES[5]}\n```\n"
    links = "[a](https://e.example/&#x1b;[2J&#x202e;) https://e.example/?\x1b[2J https://fine.example"
    with (data_dir / "transcripts" / "k2.jsonl").open("a") as file:
        file.write(json.dumps({"role": "assistant", "text": f"{code}\n{links}\n\n{code}"}) + "\n")
    (data_dir / "history.jsonl").write_text(json.dumps({"text": f"an-earlier-prompt {HOSTILE}"}) + "\n")
    name = "".join(each for each in f"SubText [/oops] {HOSTILE}" if each != "\0")
    async with open_window(server.base_url, name=name) as window:
        await window.until(lambda: window.prompts, "the earlier prompts")
        window.open("k1")
        await window.sees("is not configured")
        check_drawn(window, "a chatbot that is gone")
        window.open("k2")
        await window.sees("https://e.example")
        window.input_bar.add_pasted(SEQUENCES[5])
        await window.pilot.pause()
        check_drawn(window, "the conversation")
        for place, word in PLACES.items():
            await window.command(place)
            if word == "SubText":
                await window.until(lambda: window.is_editing, place)
            else:
                await window.sees(word)
            await window.pilot.pause()
            check_drawn(window, place)
            if place == "presenter":
                break
            await window.press("escape")
            await window.until(lambda: window.on_chat and not window.is_editing, f"{place} to be left")
        assert window.crash is None


def test_no_text_of_others_is_given_to_a_widget_as_markup() -> None:
    """Static, Label, Option and notify read markup unless told otherwise: only literals may be given so."""
    import ast

    import userdesk

    wrong = []
    for path in Path(userdesk.__file__).parent.joinpath("tui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name not in ("Static", "Label", "Option", "Button", "Tab"):
                continue
            first = node.args[0]
            plain = any(word.arg == "markup" for word in node.keywords) or isinstance(first, ast.Constant)
            made = isinstance(first, ast.Call) and ast.unparse(first.func).startswith("Content")
            if not plain and not made:
                wrong.append(f"{path.name}:{node.lineno}: {ast.unparse(node)[:80]}")
    assert not wrong, "\n".join(wrong)


def test_export_escapes(tmp_path: Path) -> None:
    from userdesk.domain.chatbot import Chatbot
    from userdesk.domain.conversation import Conversation
    from userdesk.domain.message import Message, Role, now
    from userdesk.export.formats import render
    from userdesk.export.subject import Subject

    chatbot = Chatbot("b", "Acme", "1")
    conversation = Conversation.start(chatbot, now()).evolve(title=MARKUP[2], id=HOSTILE)
    messages = [Message(role=role, text=HOSTILE, at=now()) for role in Role]
    subject = Subject.of(conversation, messages, HOSTILE)
    page = render(subject, "html")
    assert "<script" not in page.lower().replace("&lt;script", "")
    assert "alert(1)" in page
    for name in ("html", "md"):
        assert not FORBIDDEN.search(render(subject, name)), name
