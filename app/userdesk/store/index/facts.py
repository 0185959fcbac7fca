"""What entries of conversations.toml are told apart and put in order by, gathered without reading them."""

import re
from array import array
from collections.abc import Iterable
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple, cast

from userdesk.domain.conversation import ConversationKey
from userdesk.store.index.tables import Entry

_BEGIN = b"\n[[conversation]]\n"
# Of entries whose form is known already, so that a line can be passed over whatever it says.
_FACTS = re.compile(
    rb'\n\[\[conversation\]\]\nkey = "([^"]*+)"\n(?:id = [^\n]*+\n)?bot = "([^"]*+)"\n'
    rb'(?:chatbot_id = [^\n]*+\n)?(?:base_url = [^\n]*+\n)?title = "(")?[^\n]*+\n'
    rb"created = ([^\n]*+)\n(pinned)?"
)
_MOMENT = len("2026-11-21T20:54:00Z")
_DATE = len("2026-11-21")
_DAY = 86_400.0  # s


class Facts(NamedTuple):
    """Of each entry, by its number in the order of the file, from 0."""

    keys: list[ConversationKey]
    numbers: dict[ConversationKey, int]
    """The number of each key; fewer than keys where one stands there twice."""
    starts: "array[int]"
    """Where each entry begins in the source, and the last one ends."""
    moments: bytearray
    """When each was created, as it stands there: parsing takes as long as all the rest."""
    bots: "array[int]"
    """The place of each one's chatbot among the names."""
    bot_names: list[str]
    pinned: set[ConversationKey]
    untitled: set[ConversationKey]
    day_ends: dict[bytes, float]
    """When each day on which one was created ended (s since 1970), as far as somebody asked."""

    def created(self, number: int) -> float:
        """When a conversation of our form was created, in seconds since 1970."""
        moment = self.moments[_MOMENT * number : _MOMENT * (number + 1)]
        return datetime.fromisoformat(moment.decode()).timestamp()

    def created_before(self, number: int) -> float:
        """The end of the day on which it was created: parsed once a day, and mostly enough to know."""
        day = bytes(self.moments[_MOMENT * number : _MOMENT * number + _DATE])
        if (end := self.day_ends.get(day)) is None:
            end = self.day_ends[day] = datetime.fromisoformat(f"{day.decode()}T00:00:00Z").timestamp() + _DAY
        return end


def facts_of(source: bytes, pieces: Iterable[tuple[int, int, Entry | None]]) -> Facts:
    """The facts of a file's entries, by the pieces that were found in it."""
    keys, lengths, begin = list[ConversationKey](), list[int](), len(source)
    moments, bots, names = bytearray(), array("L"), dict[str, int]()
    pinned, untitled = set[ConversationKey](), set[ConversationKey]()
    for start, end, odd in pieces:
        begin = min(begin, start)
        if odd is not None:
            conversation = odd.conversation
            new = [conversation.key]
            lengths.append(end - start)
            moments += bytes(_MOMENT)
            bots.append(names.setdefault(conversation.bot, len(names)))
            pinned.update(new if conversation.pinned else ())
            untitled.update(() if conversation.title else new)
        else:
            part = source[start:end]
            lengths += [len(each) + len(_BEGIN) for each in part.split(_BEGIN)[1:]]
            key_bytes, bot_bytes, empty, times, words = zip(*_FACTS.findall(part), strict=True)
            new = cast("list[ConversationKey]", b"\n".join(key_bytes).decode().split("\n"))
            moments += b"".join(times)
            places = {bot: names.setdefault(bot.decode(), len(names)) for bot in set(bot_bytes)}
            bots.extend(map(places.__getitem__, bot_bytes))
            if any(words):
                pinned.update(key for key, word in zip(new, words, strict=True) if word)
            if any(empty):
                untitled.update(key for key, word in zip(new, empty, strict=True) if word)
        keys += new
    starts = array("Q", accumulate(lengths, initial=begin))
    numbers = dict(zip(keys, range(len(keys)), strict=True))
    return Facts(keys, numbers, starts, moments, bots, list(names), pinned, untitled, {})
