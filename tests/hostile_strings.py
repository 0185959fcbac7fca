"""Text that commands terminals, is markup, or is seen as nothing, and what may be written of it.

The strings are of the classes that lists of naughty strings collect.
"""

import hashlib
import json
import re
from pathlib import Path

import regex
import tomli_w

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
