"""Which conversations a filter leaves: by the words of their titles and by their judged answers."""

from collections.abc import Iterable, Mapping
from time import perf_counter
from typing import NamedTuple

from userdesk.domain.conversation import ConversationKey
from userdesk.domain.secret_mask import KNOWN
from userdesk.domain.text_folding import fold_letters
from userdesk.domain.verdict import JudgedConversations, Kinds
from userdesk.tui.sidebar.order import Listed, Sections, by_chatbot
from userdesk.tui.sidebar.rows import LONGEST_TITLE, title_of

_PLAIN_SIZES = range(1, LONGEST_TITLE)
_BLOCK = 32  # conversations between two looks at the clock: a title in another script takes up to 30 µs


class FoldedTitles:
    """What is looked through of each conversation, without case and accents: made once, at the first look."""

    def __init__(self) -> None:
        self._texts: dict[ConversationKey, str] = {}
        self._names: dict[str, str] = {}
        self._made_of: object = None

    def made_of(self, bot_names: Mapping[str, str]) -> None:
        """Chatbots may have other names by now, and other secrets be known."""
        made_of = dict(bot_names), KNOWN.version
        if made_of != self._made_of:
            self._made_of = made_of
            self._texts.clear()
            self._names = {bot: fold_letters(f"{bot} {name}") for bot, name in bot_names.items()}

    def forget(self, keys: Iterable[ConversationKey] | None = None) -> None:
        """Some conversations changed; by default all of it goes, as when nothing is filtered any more."""
        if keys is None:
            self._texts.clear()
        else:
            for key in keys:
                self._texts.pop(key, None)

    def of(self, listed: Listed, key: ConversationKey) -> str:
        """A conversation's title and its chatbot's names, folded."""
        if (known := self._texts.get(key)) is not None:
            return known
        conversation = listed.conversation(key)
        if conversation is None:
            return ""
        title, bot = conversation.title, conversation.bot
        is_plain = title.isascii() and title.isprintable() and len(title.strip()) in _PLAIN_SIZES
        names = self._names.get(bot)
        names = fold_letters(f"{bot} ") if names is None else names
        text = f"{title.lower() if is_plain else fold_letters(title_of(conversation))} {names}"
        self._texts[key] = text
        return text


class Wanted(NamedTuple):
    """What a filter asks for."""

    words: tuple[str, ...]
    """Folded; each of them is to stand in the title or the chatbot's name."""
    kinds: Kinds = frozenset()
    """All of them are to be said of one judged answer."""
    judged: JudgedConversations | None = None
    """What is known of judged answers; with None nothing is left out for them."""

    def narrows(self, other: "Wanted") -> bool:
        """Whether whatever this one leaves, the other one leaves as well."""
        is_same = (self.kinds, self.judged) == (other.kinds, other.judged)
        return is_same and all(any(word in mine for mine in self.words) for word in other.words)


class Narrowing:
    """One look through conversations for what a filter leaves of them, in slices between which keys act."""

    def __init__(
        self,
        listed: Listed,
        candidates: Sections,
        wanted: Wanted,
        titles: FoldedTitles,
        *,
        by_bot: bool = False,
    ) -> None:
        """The candidates are pinned ones and others, which `by_bot` puts under their chatbots, too."""
        self.wanted = wanted
        self.left: tuple[list[ConversationKey], list[ConversationKey]] = ([], [])
        """Those that were found, pinned ones and others, in their order."""
        self.by_bot: dict[str, list[ConversationKey]] | None = {} if by_bot else None
        """The others that were found by their chatbots, where that was wanted."""
        self._listed = listed
        self._pinned = len(candidates[0])
        self._candidates = [*candidates[0], *candidates[1]]
        self._titles = titles
        self._at = 0

    @property
    def is_done(self) -> bool:
        """Whether all were looked at."""
        return self._at >= len(self._candidates)

    def go_on(self, seconds: float) -> bool:
        """Look on for about so long; whether all were looked at."""
        until = perf_counter() + seconds
        while not self.is_done:
            end = self._at + _BLOCK
            if self._at < self._pinned:
                end = min(end, self._pinned)
            left = [*filter(self._is_left, self._candidates[self._at : end])]
            self.left[self._at >= self._pinned].extend(left)
            if self.by_bot is not None and self._at >= self._pinned:
                by_chatbot(self._listed, left, self.by_bot)
            self._at = end
            if perf_counter() > until:
                break
        return self.is_done

    def _is_left(self, key: ConversationKey) -> bool:
        words, kinds, judged = self.wanted
        if words:
            text = self._titles.of(self._listed, key)
            for word in words:  # twice as fast as all(), and asked of every title
                if word not in text:
                    return False
        return not kinds or judged is None or any(kinds <= said for said in judged.get(key, ()))
