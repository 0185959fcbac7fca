import tomllib
from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userdesk.domain.conversation import Conversation
from userdesk.store.index.entries import Index, parse_index
from userdesk.store.index.fast_reader import scan

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['"', "\\", "'''", '"""', "\n\n[[conversation]]\n", "[[conversation]]", "\x7f", "é"]
)
conversations = st.builds(
    Conversation,
    key=st.text("abcXYZ019_-", min_size=1, max_size=8),
    bot=text,
    created=st.datetimes(timezones=st.just(UTC)),
    id=st.none() | text.filter(bool),
    title=text,
    chatbot_id=st.none() | text,
    base_url=st.none() | text,
    pinned=st.booleans(),
    previous_ids=st.lists(text, max_size=2).map(tuple),
    extra=st.dictionaries(
        st.sampled_from(["mood", "a b", "sub"]), text | st.dictionaries(text, text, max_size=2)
    ),
)


def tables(index):
    return [index.entries.get(key).table for key in index.entries]


@given(listed=st.lists(conversations, max_size=4, unique_by=lambda c: c.key))
@settings(max_examples=60, deadline=None)
def test_what_is_written_reads_the_same_fast_and_by_the_standard_library(listed):
    index = Index()
    for conversation in listed:
        index.put(conversation)
    written = index.text()
    expected = tomllib.loads(written.decode()).get("conversation", [])
    assert scan(written) is not None
    parsed = parse_index(written)
    assert tables(parsed) == expected
    assert list(parsed.entries.conversations()) == listed
    assert parsed.text() == written


ENTRY = '\n[[conversation]]\nkey = "k"\nbot = "b"\ntitle = "t"\ncreated = 2026-11-21T20:54:00Z\n'


@pytest.mark.parametrize(
    "tail",
    [
        "",
        "note = '''\n\n[[conversation]]\n'''\n",
        'note = """\n' + ENTRY + '"""\n',
        "[other]\nx = 1\n",
        "[conversation.sub]\nx = 1\n",
        "# a comment\n",
        "[[conversation]]\nkey = 'close'\n",
        "key = 'again'\n",
        "\n[conversation]\n",
        "pinned = false\n",
        "created = 2026-13-45T99:99:99Z\n",
        "[[other]]\n[[conversation]]\n",
        "\n\n\n",
        "\r\n",
    ],
)
@pytest.mark.parametrize(
    "head", ["version = 1\n", "version = 1\nx = 2\n", "version = 2\n", "", "version = 1\n\n"]
)
def test_a_file_that_was_edited_reads_as_the_standard_library_does(head, tail):
    for whole in (head + ENTRY + tail, head + ENTRY + tail + ENTRY, head + tail + ENTRY):
        try:
            expected = tomllib.loads(whole)["conversation"]
        except tomllib.TOMLDecodeError:
            assert parse_index(whole.encode()).broken
        else:
            index = parse_index(whole.encode())
            once = {table["key"]: table for table in reversed(expected) if "key" in table}
            assert not index.broken
            assert tables(index) == [table for table in expected if table is once.get(table.get("key"))]
