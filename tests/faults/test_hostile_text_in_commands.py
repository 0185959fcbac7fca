"""No text of servers or files commands the terminal where a command tells of it."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from hostile_strings import HOSTILE, SEQUENCES, check_written, lay_hostile_conversations

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
