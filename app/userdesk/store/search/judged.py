"""Looks for judged answers: by verdict or note, and by words of title, question, answer and note."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice

from userdesk.domain.conversation import ConversationKey
from userdesk.domain.safe_text import clean, clean_line
from userdesk.domain.verdict import Kinds
from userdesk.store.search.line_search import Passage
from userdesk.store.search.query import SearchQuery
from userdesk.store.search.search import LIMIT, SLICE, Finding
from userdesk.store.store import Store
from userdesk.store.verdicts import judged_in, question_of


def find_judged(
    store: Store, query: SearchQuery, kinds: Kinds, keys: Iterable[ConversationKey]
) -> Iterator[list[Finding]]:
    """What was found in some conversations, in their order, handed over once a slice; maybe nothing yet.

    Blocks on the disk: take each slice in a thread.
    """
    judged = store.verdicts.kinds()
    found: list[Finding] = []
    left, handed_over = LIMIT, time.monotonic()
    for key in keys:
        if not any(kinds <= each for each in judged.get(key, ())):
            continue
        if passages := tuple(islice(_passages(store, key, query, kinds), left)):
            found.append(Finding(key, passages))
            left -= len(passages)
            if not left:
                break
        if time.monotonic() - handed_over > SLICE:
            yield found
            found, handed_over = [], time.monotonic()
    yield found


def _passages(store: Store, key: ConversationKey, query: SearchQuery, kinds: Kinds) -> Iterator[Passage]:
    transcript, conversation = store.transcript(key), store.get(key)
    title = conversation.title if conversation else ""
    wanted = (each for each in store.verdicts.of(key) if kinds <= each.judgement.kinds)
    judged = judged_in(transcript, wanted)
    for place in sorted(judged, reverse=True):
        text, said = clean(transcript[place].text), judged[place].judgement.headline
        asked = question_of(transcript, place)
        if query.are_in("\n".join((clean(f"{title}\n{asked.text if asked else ''}"), text, said))):
            line, spans = query.excerpt(text) if query else ("", ())
            yield Passage(place, line or clean_line(text.strip().partition("\n")[0], 400), spans, said)
