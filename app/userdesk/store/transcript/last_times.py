"""When something last happened in each conversation, where some of the times come from a wrong clock."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from userdesk.domain.conversation import Conversation, ConversationKey
from userdesk.store.times import DAY
from userdesk.store.transcript.file_end import last_message_time

_FEW = 20  # more files from the future than that say that the clock is wrong by now


def last_times(
    folder: Path, conversations: Iterable[Conversation], changed: Mapping[ConversationKey, float]
) -> dict[ConversationKey, float]:
    """The last time of each conversation by key, in seconds since 1970.

    `changed` has the modification times of the transcripts that there are in the folder.

    A time in the future says nothing: then the last line tells when it was said. Blocks on the disk.
    """
    ahead = time.time() + DAY
    times: dict[ConversationKey, float] = {}
    for each in conversations:
        created, last = each.created.timestamp(), changed.get(each.key)
        times[each.key] = created if last is None else last if created > ahead else max(created, last)
    future = [key for key, at in changed.items() if at > ahead and key in times]
    for key in future if len(future) <= _FEW else ():
        said = last_message_time(folder / f"{key}.jsonl")
        if 0 < said < ahead:
            times[key] = said
    return times
