"""Questions as people phrase and mistype them find the entry that answers them."""

import re
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from userdesk.demo.bot.knowledge_base import knowledge
from userdesk.demo.bot.matching import Matcher
from userdesk.demo.bot.responder import answer
from userdesk.demo.bot.texts import ready_made
from userdesk.demo.bot.words import corrected, stem, words_of
from userdesk.questions.pattern_matcher import PatternMatcher
from userdesk.questions.reading import find_questions, read_questions

QUESTIONS = [
    ("how do i start a new converstaion?", "Starting a new conversation"),
    ("can you open a new chat for me", "Starting a new conversation"),
    ("wich key sends my mesage", "Sending a message"),
    ("how to make a line braek without sending it", "Writing several lines"),
    ("newline??", "Writing several lines"),
    ("it talks too much, how can I stop the anwser", "Stopping an answer"),
    ("what does ESC do?", "Stopping an answer"),
    ("how do I copy an aswer to the clipbord", "Copying a message"),
    ("switch to a diffrent conversation", "Switching conversations"),
    ("how can i go to the previous chat", "Switching conversations"),
    ("what's ctrl-t for", "Switching conversations"),
    ("where are my conversatoins stored?", "Where files are"),
    ("where do you save the files on disk", "Where files are"),
    ("how can I rename a chat", "Renaming a conversation"),
    ("delte a conversation", "Deleting a conversation"),
    ("oops i deleted a conversation by accident, can i get it back", "Undoing a deletion"),
    ("pin a convesation to the top", "Pinning a conversation"),
    ("how do I quitt this thing", "Quitting"),
    ("how do i exit", "Quitting"),
    ("what does ^C do", "Ctrl+C"),
    ("what are the keybord shortcuts", "All keys"),
    ("list all keys please", "All keys"),
    ("can I remap the keys", "Changing keys"),
    ("where is the confg file", "The configuration file"),
    ("how do i conect my own chatbot", "Connecting a real chatbot"),
    ("i want to use a real bot instead of this demo", "Connecting a real chatbot"),
    ("where is my API key kept?", "API keys"),
    ("wich enviroment variables exist", "Environment variables"),
    ("how do I change the theme to ligth", "Themes"),
    ("is there a dark mode", "Themes"),
    ("do you collect any data / telemetry?", "Privacy"),
    ("what hapens after a crash", "After a crash"),
    ("will my chats still be there tomorow when I restart", "Continuing after a restart"),
    ("what does error 429 mean", "429: too many requests"),
    ("i get 401 wrong api key", "401: the API key"),
    ("the wifi broke in the middle of an answer", "A lost connection"),
    ("how do i resend a failed mesage", "Retrying"),
    ("find a word in this conversation", "Finding in a conversation"),
    ("search all my chats", "Searching all conversations"),
    ("whats the comand palette", "The command palette"),
    ("can i use it from a shell script", "userdesk send"),
    ("how do I run the demo server alone", "The demo server"),
    ("what slash commands are there", "The slash commands"),
    ("how do i show it to others in a broser?", "In a browser, for others"),
    ("can i share my chatbot with a colleague", "In a browser, for others"),
    ("does it work behind a corporate proxy", "Proxies and certificates"),
    ("does it run on windwos", "Installing"),
    ("what do the numbers below the answer mean", "The figures under an answer"),
    ("can I edit my last message", "Editing a message"),
    ("how do i hide the side bar", "The sidebar"),
    ("what is this programm", "What userdesk is"),
    ("what excatly is this programm for?", "What userdesk is"),
    ("is anything i type sent somwhere else? telemetry?", "Privacy"),
    ("how do i check my chatbot answers", "userdesk check"),
    ("can I test my bot in CI", "userdesk check"),
    ("how do i export a conversation", "Exporting a conversation"),
    ("save this chat as a html file", "Exporting a conversation"),
    ("how long can a mesage be", "How long a message can be"),
    ("is there a limit how much i can paste", "How long a message can be"),
    ("how do i replay a conversaton", "Replaying a conversation"),
    ("demo without wifi", "Replaying a conversation"),
    ("wat does the doctor do", "userdesk doctor"),
    ("how do i test my conection", "userdesk doctor"),
    ("delete everyting from this computer", "Purging everything"),
    ("whats f10", "Presenter mode"),
    ("how do i show my chatbot to a custommer", "Presenter mode"),
    ("what is a question set", "Question sets"),
    ("how to get the next qustion in the input bar", "Playing a question set"),
    ("open a conversation by its id", "Opening a conversation by its id"),
    ("search the promts i sent earlier", "Earlier prompts"),
    ("copy request as crul", "Copy as curl"),
    ("log the chunks of the stream", "The stream log"),
    ("who are you?", "The demo chatbot"),
    ("what can I ask you", "What you can ask"),
    ("Hi!", "Hello"),
    ("how are you?", "How are you"),
    ("thx, thank you!", "Thanks"),
    ("help", "Help"),
]


# Short words mistyped, common words beside telling ones, other names for things.
HARD_QUESTIONS = [
    ("hwo do i remane a chat", "Renaming a conversation"),
    ("why does it say interrupted", "Stopped and interrupted"),
    ("the answer stoped in the middle, why", "Stopped and interrupted"),
    ("my internet went down while it was answering", "A lost connection"),
    ("how do I log in", "Logging in"),
    ("How do I reset my password?", "Logging in"),
    ("where is the log file", "The log file"),
    ("how do i get the log without text for support", "The stream log"),
    ("what does the yellow pencil mean", "Marks in the sidebar"),
    ("how do i go to the top of the conversation", "Scrolling"),
    ("who can see what i write", "Privacy"),
    ("how do i make it stop asking for the key every time", "API keys"),
    ("the program crashed, what shuld I send you", "Reporting a bug"),
    ("is the trash emptied automaticaly", "The trash"),
    ("how do i paste from the clipboard", "Pasting"),
    ("does it need internet", "Offline use"),
    ("what exit code do i get if the key is wrong", "Exit status"),
    ("is there a config option for the timeout", "Timeouts"),
    ("median answer time", "Figures of a conversation"),
    ("how do i know how fast teh bot is", "The figures under an answer"),
    ("can i share a link to a conversation", "Sharing a conversation"),
    ("how do i go back to the demo bot", "Which chatbot you talk to"),
    ("what hapens to messages i send while you are still talking", "Waiting messages"),
    ("how do i disable stream", "userdesk send"),
    ("can I test several questions in parallel", "Faster checks"),
    ("how do i compare todays answers with last weeks", "Comparing answers"),
    ("how to set a time limit for an answer in a check", "Time limits in a check"),
    ("can i run the same questions every nigth in jenkins", "Regular checks"),
    ("what is the diference between presenter mode and play", "Presenting and playing"),
    ("i pressed F10 and now teh sidebar is gone", "Presenter mode"),
    ("my boss wants to see the bot live, how do i hide my other chats", "Presenter mode"),
    ("i closed the window by accident, is my half written message gone", "Drafts"),
    ("can i turn off saving", "Saving cannot be turned off"),
    ("can i delete everyting before i return my laptop", "Purging everything"),
    ("how do i see only one bots conversations", "Grouping the sidebar"),
    ("can you rememmber things i told you", "Remembering"),
    ("how do i zoom", "Text size"),
    ("what does Y do", "Letters in the message log"),
    ("what does U do", "The trash"),
    ("what is c in the log", "Letters in the message log"),
    ("what does /fail do?", "The slash commands"),
]
# Where the order of the words tells, where a key is any key, and short forms of messages.
ORDERED_QUESTIONS = [
    ("can i change ctrl+n to something else", "Changing keys"),
    ("instead of f9 can i have another key", "Changing keys"),
    ("change the shortcut of quit", "Changing keys"),
    ("bind ctrl+k to search", "Changing keys"),
    ("i want to use my own key for sending", "Changing keys"),
    ("turn the sound off", "Notifications"),
    ("can i switch the bell off please", "Notifications"),
    ("bring my chat back", "Undoing a deletion"),
    ("switch conversations on a mac", "Switching conversations"),
    ("where r my chats saved", "Where files are"),
    ("config file location?", "The configuration file"),
    ("config path?", "The configuration file"),
    ("r my msgs encrypted", "Privacy"),
    ("what does the spinner mean", "Marks in the sidebar"),
    ("why can't i press f10 in gnome", "Function keys taken by the terminal"),
    ("is there an iphone app", "Installing"),
    ("hw do i see teh ids of my conversations", "The id of a conversation"),
    ("can i get alerted when its done", "Notifications"),
    ("can I reorder conversations", "The sidebar"),
    ("is there a web version", "In a browser, for others"),
]
QUESTIONS += HARD_QUESTIONS + ORDERED_QUESTIONS


@pytest.mark.parametrize(("question", "title"), QUESTIONS, ids=[question for question, _ in QUESTIONS])
def test_a_question_finds_its_entry(question: str, title: str) -> None:
    """Typos, synonyms and other words do not lead astray."""
    assert knowledge().find(question) == title
    assert answer(question, []).text == knowledge().text(title)


@pytest.mark.parametrize(
    "question",
    [
        "What is the average distance between the earth and the moon?",
        "Who won the world cup in 1998?",
        "Write a poem about autumn leaves",
        "What is 17 times 23?",
        "Tell me the capital of France",
        "How do I bake a chocolate cake?",
        "What are your opening hours?",
        "I am tired",
        "first thing",
        "what time is it",
        "how do I lose weight",
        "my washing machine is broken",
        "is there life on mars",
        "where is my order",
        "how many planets are there",
        "what should i name my dog",
        "how to delete my facebook account",
        "how do I change a light bulb",
        "copy of my birth certificate",
        "asdfgh qwertz",
        "¿Dónde está la biblioteca?",
        "你好",
        "???",
    ],
)
def test_anything_else_gets_the_missing_response(question: str) -> None:
    """What is not about this program is not answered with something that sounds near."""
    assert answer(question, []).text == ready_made("no_answer")


def test_every_entry_is_found_by_its_own_title_and_phrases() -> None:
    """No entry is hidden by another one, and none is empty."""
    base = knowledge()
    assert len(base.titles) > 50
    assert [title for title in base.titles if base.find(title) != title] == []
    assert all(len(base.text(title)) > 40 for title in base.titles)


def test_the_examples_questions_are_met_by_one_answer_alone(matcher: PatternMatcher) -> None:
    """What newcomer expects of an answer no other entry has, or it would prove nothing."""
    texts = [knowledge().text(title) for title in knowledge().titles]
    for question in read_questions(find_questions(Path("newcomer")), matcher).questions:
        fitting = [text for text in texts if all(re.search(each.text, text) for each in question.expect)]
        allowed = [
            text for text in fitting if not any(re.search(each.text, text) for each in question.forbid)
        ]
        assert len(allowed) <= 1, question.ask


def test_entries_fit_under_a_heading_of_their_own() -> None:
    """No placeholder and no `asked:` line gets through to the reader."""
    texts = [knowledge().text(title) for title in knowledge().titles]
    assert not [text for text in texts if "{commands}" in text or "asked:" in text]
    assert any("/fail KIND" in text for text in texts)


def test_a_long_message_is_judged_by_its_beginning() -> None:
    """Pasted material behind a question neither hides the question nor costs time."""
    assert knowledge().find("how do I quit?") == "Quitting"
    assert answer("how do I quit?" + " " * 600 + "lorem " * 50_000, []).text == knowledge().text("Quitting")


def test_a_weak_match_asks_back_and_understands_what_is_said_to_that() -> None:
    """Better two offers than a wrong answer; a number, yes, or the place in the list takes one."""
    question = "what does r do"
    log, sidebar = knowledge().look_up(question)
    assert {log, sidebar} == {"Letters in the message log", "Letters in the sidebar"}
    asked_back = answer(question, []).text
    assert f"1. **{log}**" in asked_back
    assert f"2. **{sidebar}**" in asked_back
    for first in ("1", "yes", "the first one", "1."):
        assert answer(first, [question]).text == knowledge().text(log)
    for second in ("2", "the second", "I mean the second one please"):
        assert answer(second, [question]).text == knowledge().text(sidebar)
    assert answer("1", ["how do I quit"]).text == ready_made("no_answer")
    assert answer("yes", []).text == knowledge().text("Yes and no")


@pytest.mark.parametrize(
    ("before", "message", "title"),
    [
        ("what is presenter mode", "how do I leave it", "Presenter mode"),
        ("how do I export a conversation", "and as html?", "Exporting a conversation"),
        ("how do I rename a chat", "and delete it?", "Deleting a conversation"),
        ("what does 401 mean", "and 429?", "429: too many requests"),
    ],
)
def test_a_question_may_go_on_from_the_one_before(before: str, message: str, title: str) -> None:
    assert answer(message, [before]).text == knowledge().text(title)


def test_what_follows_an_answer_may_be_about_something_else() -> None:
    assert answer("and who is the king of sweden", ["how do I stop an answer"]).text == ready_made(
        "no_answer"
    )


def test_two_questions_in_one_get_two_answers() -> None:
    both = answer("how do I rename a conversation and how do I pin it?", []).text
    assert knowledge().text("Renaming a conversation") in both
    assert knowledge().text("Pinning a conversation") in both
    assert answer("this is awful! how do I quit?", []).text == knowledge().text("Quitting")


@pytest.mark.parametrize(
    ("command", "title"),
    [
        ("/exit", "Quitting"),
        ("/theme", "Themes"),
        ("/new", "Starting a new conversation"),
        ("/clear", "Starting a new conversation"),
    ],
)
def test_a_command_of_other_programs_is_answered_by_what_does_it_here(command: str, title: str) -> None:
    assert answer(command, []).text == knowledge().text(title)
    assert "These are the ones I know" in answer("/banana", []).text


def test_more_is_about_the_answer_before() -> None:
    """More of the same entry there is not; what is near to it is named."""
    more = answer("tell me more", ["how do I quit"]).text
    assert "**Quitting**" in more
    assert more.count("**") >= 6
    assert "**Letters in the " in answer("more", ["what does r do", "2"]).text
    assert "More of what?" in answer("more please", []).text
    assert "More of what?" in answer("tell me more", ["qwertz asdf"]).text


def test_there_is_more_to_be_named_whatever_was_answered() -> None:
    for title in knowledge().titles:
        assert answer("tell me more", [title]).text.count("**") >= 6


@pytest.mark.parametrize(
    ("mistyped", "known"),
    [
        ("remane", ["rename"]),
        ("kye", ["key"]),
        ("hwo", ["how"]),
        ("conversatoins", ["conversations"]),
        ("proxi", ["proxy"]),
        ("convarsations", ["conversations"]),
        ("wich", ["which"]),
        ("post", []),
        ("cat", []),
        ("401", []),
    ],
)
def test_short_words_are_corrected_only_where_letters_were_swapped(mistyped: str, known: list[str]) -> None:
    """The shorter a word, the more others are one letter away."""
    ours = {"rename", "name", "key", "how", "conversations", "which", "chat", "can", "port", "proxy", "400"}
    assert list(dict.fromkeys(corrected(mistyped, ours))) == known


def test_matching_is_fast() -> None:
    """Every word mistyped, and the longest question that is looked at, against a sum that takes 5 ms."""

    def taken(work: Callable[[], object]) -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    mistyped = (f"hwo cna i raneme teh converstaion{n} with maany tipos in evry wrod" for n in range(20))
    longest = " ".join(f"qw{chr(97 + n % 26)}rtz{chr(97 + n // 26)}x" for n in range(500))
    floor = min(taken(lambda: sum(n * n for n in range(100_000))) for _ in range(5))
    assert sorted(taken(partial(knowledge().look_up, each)) for each in mistyped)[10] < 4 * floor
    assert min(taken(partial(knowledge().look_up, longest)) for _ in range(3)) < 20 * floor


def test_keys_are_one_word_however_they_are_written() -> None:
    """`Ctrl-N`, `ctrl + n`, `^N` and `Control N` are the same key; `Y` and `y` are two."""
    keys = [words_of(text) for text in ("Ctrl-N", "ctrl + n", "^N", "Control N", "Ctrl+N")]
    assert keys == [["ctrl+n"]] * 5
    assert words_of("What does Y do? I mean A y.") == ["what", "does", "Y", "do", "i", "mean", "a", "y"]


def test_forms_and_synonyms_are_one_word() -> None:
    assert {stem(word) for word in ("stop", "stops", "stopped", "stopping")} == {"stop"}
    assert len({stem(word) for word in ("copy", "copies", "copied", "copying")}) == 1
    assert len({stem(word) for word in ("conversation", "chats", "sessions", "threads")}) == 1


def test_rare_words_tell_and_what_no_phrase_has_tells_against_it() -> None:
    matcher = Matcher([("a", "how do I stop"), ("b", "how do I go"), ("c", "400")], ["stomp"])
    assert [name for name, _ in matcher.nearest("stop")] == ["a"]
    assert matcher.nearest("401") == []
    (name, typo), *_ = matcher.nearest("how do I sotp")
    assert (name, typo) == ("a", matcher.nearest("how do I stop")[0][1])
    assert matcher.nearest("how do I stomp")[0][1] < 0.5 * typo
