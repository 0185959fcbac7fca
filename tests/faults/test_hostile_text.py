"""No server text commands the terminal, is read as markup, or runs anything: wherever it is shown."""

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pseudo_terminal import Terminal
from rich.console import Console

from command_runs import run
from hostile_strings import (
    COLOURS,
    FORBIDDEN,
    HOSTILE,
    MARKUP,
    SEQUENCES,
    check_written,
    lay_hostile_conversations,
)
from program_driver import ProgramDriver
from scripted_server import ScriptedServer, chunked, raw, whole
from userdesk.domain.safe_text import Cleaner, clean, clean_line

Environment = Callable[..., dict[str, str]]


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
