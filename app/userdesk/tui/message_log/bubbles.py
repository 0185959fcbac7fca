"""The bubbles of a view that are near the view; those far from it are dropped and made anew."""

from collections.abc import Iterator

from userdesk.domain.secret_mask import KNOWN
from userdesk.markdown.layout.cells import clusters_are_joined
from userdesk.tui.message_log.annotations import EVERYTHING, Annotations
from userdesk.tui.message_log.bubble import Bubble
from userdesk.tui.message_log.conversation_view import ConversationView
from userdesk.tui.message_log.estimated_heights import EstimatedHeights
from userdesk.tui.message_log.viewport import Heights, Place

KEPT = 48  # laid-out bubbles at most, before the far half is dropped
PAINTED = 300  # painted rows at most, of some 3 kB each, before those out of view are dropped


class Bubbles:
    """Bubbles by the index of their message."""

    def __init__(self) -> None:
        self.view: ConversationView | None = None
        self._annotations = EVERYTHING
        self.edged = False
        """Whether there is half a row of ground above and below what the user said."""
        self._made: dict[int, Bubble] = {}
        self._made_under = KNOWN.version, clusters_are_joined()

    def __iter__(self) -> Iterator[Bubble]:
        return iter(self._made.values())

    @property
    def annotations(self) -> Annotations:
        """What is said beside the messages; bubbles are made anew where that changes."""
        return self._annotations

    @annotations.setter
    def annotations(self, annotations: Annotations) -> None:
        if annotations != self._annotations:
            self._annotations = annotations
            self._made.clear()

    def show(self, view: ConversationView) -> None:
        """Another conversation."""
        self.view = view
        for bubble in self:
            bubble.leave()
        self._made.clear()

    def __getitem__(self, index: int) -> Bubble:
        """The bubble of a message, laid out or not."""
        bubble = self._made.get(index)
        if bubble is None:
            assert self.view is not None
            bubble = self._made[index] = Bubble(self.view.entry(index), index, self.annotations)
        return bubble

    def known(self, index: int) -> Bubble | None:
        """The bubble of a message if it was made and not dropped."""
        return self._made.get(index)

    def lay_out(self, index: int, width: int, frame: int | None) -> int:
        """Bring a bubble's rows up to date; their number. Free where nothing changed."""
        assert self.view is not None
        is_last = index == len(self.view) - 1
        return self[index].lay_out(width, is_last=is_last, frame=frame, edged=self.edged)

    def estimates(self, width: int) -> Heights:
        """The heights that messages never shown may have, from their sizes alone."""
        rows, view = 2 + (1 + self.annotations.gap if self.edged else 1), self.view
        if view is None:
            return Heights()
        behind = (rows + size // width for size in view.fresh_sizes())
        return EstimatedHeights(
            view.saved, lambda index: rows * index + view.bytes_before(index) // width, behind
        )

    def drop_from(self, index: int) -> None:
        """A message came or went there: those from it on have other indexes."""
        for later in [i for i in self._made if i >= index]:
            del self._made[later]

    def drop_outdated(self) -> None:
        """A key became known since they were made, or how the terminal draws emoji: make them anew."""
        now = KNOWN.version, clusters_are_joined()
        if self._made_under != now:
            self._made_under = now
            self._made.clear()

    def drop_far_from(self, first: Place, last: Place, chosen: int | None) -> None:
        """Keep memory bounded, where the rows from `first` to `last` are in view.

        Of many bubbles the half farthest from the view is dropped, but the chosen one; of many painted rows
        all that are out of view.
        """
        if len(self._made) > KEPT:
            by_distance = sorted(self._made, key=lambda index: max(first.bubble - index, index - last.bubble))
            for index in by_distance[KEPT // 2 :]:
                if not first.bubble <= index <= last.bubble and index != chosen:
                    del self._made[index]
        if sum(len(bubble.painted) for bubble in self) > PAINTED:
            for bubble in self:
                for row in [row for row in bubble.painted if not first <= (bubble.index, row) <= last]:
                    del bubble.painted[row]
