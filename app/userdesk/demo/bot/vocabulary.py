"""The words of questions: those that say nothing, those that mean the same, keys by their many spellings."""

import re
from collections.abc import Mapping
from functools import lru_cache

STOP_WORDS = frozenset(
    """
    a an and any as at be been but by can could d did do does doing for from get gets getting getting got
    had has have having he her him how i if in into is isnt it its just let lets like ll m me my of on one
    onto or our out per pls plz please re s say says shall should so some t than that thats the their
    them then there these they theyre this thru to u ur up us ve want wants wanna was way we were what
    whats when which whichever while will with would wont you your youre im ive id am are arent aint not
    dont doesnt didnt cant couldnt tell show possible need needs go goes going gonna gotta use using used
    uses make makes making made now also actually really simply hey oh well kindly exactly about
    anyhow too very quite here something someone somebody somehow try trying
    r ya gimme lemme location located
    """.split()  # noqa: SIM905 - a list of quoted words is no easier to read
)

# Before the words are looked at one by one: what two or three of them mean together.
_TOGETHER: Mapping[str, str] = {
    "log in": "login",
    "log on": "login",
    "logging in": "login",
    "sign in": "login",
    "sign up": "login",
    "sign on": "login",
    "log out": "logout",
    "sign out": "logout",
    "log file": "logfile",
    "log files": "logfile",
    "log level": "loglevel",
    "message log": "messagelog",
    "stream log": "streamlog",
    "open source": "opensource",
    "side bar": "sidebar",
    "side panel": "sidebar",
    "left panel": "sidebar",
    "line break": "newline",
    "new line": "newline",
    "second line": "newline",
    "second paragraph": "newline",
    "two paragraphs": "newline",
    "line feed": "newline",
    "multi line": "multiline",
    "several lines": "multiline",
    "time out": "timeout",
    "time limit": "timelimit",
    "exit code": "exitstatus",
    "exit codes": "exitstatus",
    "exit status": "exitstatus",
    "return code": "exitstatus",
    "command line": "commandline",
    "question set": "questionset",
    "question sets": "questionset",
    "question file": "questionset",
    "questions file": "questionset",
    "presenter mode": "presenter",
    "presentation mode": "presenter",
    "dark mode": "dark theme",
    "light mode": "light theme",
    "turn off": "disable",
    "turn on": "enable",
    "turned off": "disable",
    "switch off": "disable",
    "switch on": "enable",
    "get rid of": "delete",
    "throw away": "delete",
    "shut up": "stop",
    "for ever": "forever",
    "list on the left": "sidebar",
    "panel on the left": "sidebar",
    "look for": "find",
    "looking for": "find",
    "bring back": "undo",
    "web version": "webversion",
    "web app": "webversion",
    "browser version": "webversion",
    "phone home": "phonehome",
    "phoning home": "phonehome",
    "undo delete": "undo",
    "by mistake": "accidentally",
    "by accident": "accidentally",
    "half written": "unsent",
    "not sent": "unsent",
    "did not send": "unsent",
    "not send yet": "unsent",
    "unfinished message": "unsent message",
    "at once": "parallel",
    "same time": "parallel",
    "in parallel": "parallel",
    "text size": "fontsize",
    "font size": "fontsize",
    "text bigger": "fontsize",
    "bigger text": "fontsize",
    "bigger font": "fontsize",
    "bigger letters": "fontsize",
    "larger text": "fontsize",
    "letters larger": "fontsize",
    "letters bigger": "fontsize",
    "larger letters": "fontsize",
    "larger font": "fontsize",
    "small text": "fontsize",
    "missing response": "missingresponse",
    "missing api key": "missingkey",
    "wrong api key": "wrongkey",
    "input bar": "inputbar",
    "input field": "inputbar",
    "input box": "inputbar",
    "text field": "inputbar",
    "text box": "inputbar",
    "hard disk": "disk",
    "hard drive": "disk",
    "screen reader": "screenreader",
    "new version": "newversion",
    "newer version": "newversion",
    "newest version": "newversion",
    "latest version": "newversion",
    "opening hours": "openinghours",
    "price list": "pricelist",
    "favourite colour": "favouritecolour",
    "favorite color": "favouritecolour",
}

# A word that stands for those behind it, whatever their endings.
_SAME = """
conversation: chat session thread discussion convo dialog dialogue
chatbot: bot assistant
stop: cancel abort halt enough
delete: remove erase discard
quit: exit leave close quitting
answer: reply response respond
configuration: config configure setting settings option options preference preferences
colour: color
folder: directory path
message: msg msgs
keys: key shortcut shortcuts hotkey hotkeys keybinding keybindings keyboard button
newline: linebreak
email: mail
saved: save store stored stores kept saving
break: broke broken
find: search locate searching searched mentioned
several: multiple
internet: network wifi wlan
fail: failure failed failing
error: problem trouble
bug: defect issue bugs
crash: crashed crashes
presenter: presentation
projector: beamer
customer: client audience boss
picture: image photo screenshot
attach: upload attachment
price: cost costs pricing
update: upgrade updating
licence: license
notification: notify notifications notified alert alerts alerted beep bell sound noise ring
colleague: coworker workmate friend teammate
nightly: night daily morning cron regularly schedule scheduled automatically automatic automate
ci: jenkins gitlab
phone: iphone ipad android smartphone smartphones tablet
certain: specific particular
computer: laptop machine pc desktop
symbol: symbols sign icon icons mark marks dot dots cross pencil glyph
figures: statistics stats figure
important: favourite favorite favorites favourites starred star bookmark
password: passwort credentials
queued: queue pending
withdraw: withdrawn
emoji: emojis smiley smileys emoticon
beginning: begin
rename: renaming retitle
wipe: purge
interrupted: interrupt incomplete
url: web address adress hyperlink link links urls website
parallel: simultaneously concurrently
undo: undelete restore recover
transcript: transcripts
disable: deactivate
enable: activate
script: bash shell scripts pipeline
quick: fast speed rapid
refuse: reject rejected refused deny denied
terminal: console
test: grade evaluate verify
thank: thx thankyou
anonymise: redact anonymize blacken censor
manual: documentation docs
secret: private personal
"""

_KEY_NAMES = re.compile(r"\b(ctrl|control|shift|alt|strg)\s*[-+ ]\s*(\w+)\b|\^(\w)\b")
# A letter that is meant as a key of the log or the sidebar; case matters: `y` and `Y` are two.
_LETTER = r"[`'\"]?([ycYloreupdUbnigG])[`'\"]?"
_LETTER_KEYS = re.compile(
    rf"\bdoes\s+{_LETTER}\s+(?=do\b|mean\b|stand\b)"
    rf"|\b(?:key|letter|press|pressing|hit)\s+{_LETTER}(?!\S)"
    rf"|\b(?:what is|what's|whats)\s+{_LETTER}\s+(?=in\b|for\b)",
)
_CAPITALS = ("key_Y", "key_U", "key_G")
_CAPITAL = re.compile(rf"({'|'.join(_CAPITALS)})\b")
# What is meant is the giving of keys, whichever key it is: "change ctrl+n to something else".
_KEY = r"(?:(?:ctrl|alt|shift)\+\w+|f\d{1,2}|enter|return|esc(?:ape)?|tab|space|backspace)"
_SHORTCUTS = r"(?:a key|keys|(?:keyboard )?(?:shortcut|hotkey|binding)s?|key ?bindings?)"
_OF_KEYS = r"(?:the|my|your|a|this|that|these|default|key|shortcut|hotkey|binding|keyboard|of|for|from)"
_GIVE = (
    r"(?:(?:chang|replac|customi[sz]|redefin)(?:e|ing)|(?:remap|map)(?:ping)?|(?:re)?(?:bind|assign)(?:ing)?)"
)
_KEY_CHANGES = re.compile(
    rf"\b{_GIVE}(?: {_OF_KEYS}){{0,4}} (?:{_KEY}|{_SHORTCUTS})\b"
    rf"|\b(?:another|other|different|own|custom) (?:key(?: ?bindings?)?|keys|{_SHORTCUTS})\b"
    rf"|\b(?:instead of(?: {_OF_KEYS}){{0,2}}|(?:key|shortcut|hotkey|binding)s? to) {_KEY}\b"
)
# "turn the bell off": the two words that mean something together, together.
_APART = re.compile(
    r"\b(turn|switch|bring|throw)(?:s|ed|ing)? ((?:\w+ ){1,3}?)(on|off|back|away)"
    r"(?=\W*$|[?!.,;:]|\s+(?:and|or|again|in|for|when|while|during|by|please|after|before|from)\b)"
)
_SLASH = re.compile(r"(?<![\w/.])/([a-z]{2,})\b(?!/)")
_WORD = re.compile(r"\w+(?:\+\w+)*")
_ENDINGS = ("ings", "ing", "ies", "ied", "ed", "es", "s", "e")
LONGEST = 60
"""Words of a question that are looked at."""


def stem(word: str) -> str:
    """A word without its ending: stopping, stopped, stops."""
    if "+" in word or "_" in word or word[-1:].isdigit():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            cut = word[: -len(ending)]
            if ending in ("ies", "ied"):
                return cut + "y"
            # stopping, stopped, … : one consonant of a doubled pair belongs to the ending
            doubled = len(cut) > 3 and cut[-1] == cut[-2] and ending in ("ing", "ings", "ed")
            return cut[:-1] if doubled and cut[-1] not in "ls" else cut
    return word


SAME_WORD: Mapping[str, str] = {
    other: stem(word)
    for line in _SAME.split("\n")
    if line
    for word, others in [line.split(":")]
    for other in {each for given in others.split() for each in (given, stem(given))}
}
"""The stem that stands for a word."""

_PARTS = {tuple(together.split()): meaning for together, meaning in _TOGETHER.items()}
PARTS = frozenset(part for parts in _PARTS for part in parts)
"""The words that mean something else together with others."""
_LONGEST_PARTS = max(len(parts) for parts in _PARTS)


def raw_words(text: str) -> list[str]:
    """The words as they were written, in lower case; keys as one word however they are spelled."""
    text = _LETTER_KEYS.sub(lambda found: f" key_{next(filter(None, found.groups()))} ", text)
    lowered = "".join(part if part in _CAPITALS else part.lower() for part in _CAPITAL.split(text))
    lowered = _SLASH.sub(r" slash_\1", lowered)
    lowered = lowered.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    named = _KEY_NAMES.sub(_as_key, lowered)
    together = _APART.sub(r"\1 \3 \2", named)
    return _WORD.findall(_KEY_CHANGES.sub(" keychange ", together))[:LONGEST]


def meanings(words: list[str]) -> list[str]:
    """What well spelled words mean: put together, without those that say nothing, endings or synonyms."""
    joined: list[str] = []
    at = 0
    while at < len(words):
        for length in range(_LONGEST_PARTS, 1, -1):
            if meaning := _PARTS.get(tuple(words[at : at + length])):
                joined += meaning.split()
                at += length
                break
        else:
            joined.append(words[at])
            at += 1
    # "How are you?" consists of stop words alone: then they are all there is to go by.
    telling = [word for word in joined if word not in STOP_WORDS] or joined
    return [meaning_of(word) for word in telling]


@lru_cache(4096)
def meaning_of(word: str) -> str:
    """The stem of a word, or of the one that stands for it."""
    return SAME_WORD.get(word) or SAME_WORD.get(cut := stem(word)) or cut


def _as_key(found: re.Match[str]) -> str:
    modifier, key, caret = found.groups()
    if caret:
        return f"ctrl+{caret}"
    return f"{ {'control': 'ctrl', 'strg': 'ctrl'}.get(modifier, modifier) }+{key}"
