"""The leaves of a document and the containers that are open: what lines of Markdown are put into."""

import re
from dataclasses import replace
from itertools import takewhile
from operator import is_
from typing import NamedTuple

from userdesk.markdown.parse.containers import Frame, Frames, Item, Kind, Leaf
from userdesk.markdown.parse.paragraphs import cut_position, longest_piece
from userdesk.markdown.parse.references import References, definition_at_start

_TEXT = re.compile(r"(?=.{64})[-=*_:|+#>~`\s\d.)]*[^-=*_:|+#>~`\s\d.)]")

LATEST = 50_000
"""Characters within which a definition counts for references that stand before it."""


class State(NamedTuple):
    """What a store of leaves was like before a line that may be taken back."""

    frames: list[Frame]
    leaf_count: int
    last: Leaf | None
    open: Leaf | None
    lines: int
    last_line: list[str]
    blanks: list[str]
    blank_count: int
    blank: bool
    references: int
    early: int
    characters: int


class LeafStore:
    """Leaves in order, the last one perhaps open. `save` and `restore` let a line be tried."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self.references: References = {}
        self.early = 0
        """How many references were defined within the first `LATEST` characters."""
        self.characters = 0
        """How many were given."""
        self.open: Leaf | None = None
        self.goes_on = False
        """Whether what is given now is not the end of its line."""
        self._frames: list[Frame] = []
        self._blank = False
        self._blanks: list[str] = []  # blank lines inside indented code, held until more code follows

    def save(self) -> State:
        """What `restore` needs."""
        leaf = self.open
        return State(
            frames=self._frames[:],
            leaf_count=len(self.leaves),
            last=self.leaves[-1] if self.leaves else None,
            open=leaf,
            lines=len(leaf.lines) if leaf else 0,
            last_line=leaf.lines[-1:] if leaf else [],
            blanks=self._blanks,
            blank_count=len(self._blanks),
            blank=self._blank,
            references=len(self.references),
            early=self.early,
            characters=self.characters,
        )

    def restore(self, state: State) -> None:
        """Undo every line since `save`."""
        self._frames = state.frames
        self._blanks, self._blank = state.blanks, state.blank
        del self._blanks[state.blank_count :]
        del self.leaves[state.leaf_count :]
        if state.last is not None:
            self.leaves[state.leaf_count - 1 :] = [state.last]
        self.open = leaf = state.open
        if leaf:
            leaf.lines[max(state.lines - 1, 0) :] = state.last_line
            while leaf.parts and leaf.parts[-1] >= state.lines:
                leaf.parts.pop()
        self.early, self.characters = state.early, state.characters
        while len(self.references) > state.references:
            self.references.popitem()

    @property
    def final(self) -> int:
        """How many leaves will not change any more."""
        return len(self.leaves) - (1 if self.open else 0)

    @property
    def in_fence(self) -> bool:
        """Whether the next line is code, or a fence's end."""
        return self.open is not None and bool(self.open.fence)

    @property
    def in_paragraph(self) -> bool:
        """Whether a paragraph is open."""
        return self.open is not None and self.open.kind is Kind.PARAGRAPH

    @property
    def in_text(self) -> bool:
        """Whether the last line is text whatever follows in it: no other block begins with that much."""
        leaf = self.open
        if leaf is None or leaf.kind is not Kind.PARAGRAPH or self._may_define(leaf):
            return False
        return (leaf.glued and len(leaf.lines) == 1) or bool(_TEXT.match(leaf.lines[-1]))

    def settle(self) -> None:
        """Take the definitions that stand so far at an open paragraph's beginning as complete."""
        leaf = self.open
        if leaf and self._may_define(leaf):
            self._without_definitions(leaf)

    def finish(self) -> None:
        """The text has ended."""
        self._close()
        self._frames.clear()

    def _replace(self, leaf: Leaf, kind: Kind, lines: list[str]) -> Leaf:
        """Open another leaf in the last one's place; that one stays as it was, for `restore`."""
        self.leaves[-1] = self.open = replace(leaf, kind=kind, lines=lines, parts=[])
        return self.open

    def _add_follower(self, leaf: Leaf) -> Leaf:
        """Open the leaf that goes on from the last one, which is closed."""
        follower = replace(
            leaf, common=len(leaf.frames), gap=False, lines=[], parts=[], number=leaf.number + 1
        )
        self.leaves.append(follower)
        self.open = follower
        return follower

    def _cut(self, leaf: Leaf) -> None:
        """Close a paragraph's first part where it has grown long; where depends on the text alone."""
        text = leaf.text
        limit = longest_piece(text)
        if len(text) <= limit:
            return
        if self._may_define(leaf):
            # Definitions count for nothing; a paragraph may have any number before its text.
            leaf = self._without_definitions(leaf)
            text = leaf.text
            limit = longest_piece(text)
        while len(text) > limit:
            at, in_line = cut_position(text, limit)
            first = self._replace(leaf, Kind.PARAGRAPH, text[:at].split("\n"))
            first.broken = in_line and text[at - 1] != " "
            self._close()
            leaf = self._add_follower(leaf)
            text = text[at if in_line else at + 1 :]
            limit = longest_piece(text)
            leaf.lines = text.split("\n")
            leaf.continued, leaf.glued = True, in_line

    def _drop(self, depth: int) -> None:
        """Close the containers from `depth` on, and the leaf in them."""
        if depth < len(self._frames):
            self._close()
            del self._frames[depth:]
        elif self.open and self.open.kind is not Kind.EMPTY:
            self._close()

    def _add(self, kind: Kind, frames: Frames | None = None, level: int = 0) -> Leaf:
        """Open a leaf behind all others."""
        own: Frames = tuple(self._frames) if frames is None else frames
        leaves = self.leaves
        last = leaves[-1] if leaves else None
        if last and last.kind is Kind.EMPTY and last is self.open and own[: len(last.frames)] == last.frames:
            leaves.pop()
            leaf = Leaf(kind, own, last.common, last.gap, last.gap_frames, level=level)
        else:
            common, gap = self._relation(last, own)
            leaf = Leaf(kind, own, common, gap, common, level=level)
        leaf.number = len(leaves)
        leaves.append(leaf)
        self.open = leaf
        self._blank = False
        self._blanks = []
        return leaf

    def _relation(self, last: Leaf | None, own: Frames) -> tuple[int, bool]:
        """How many frames a new leaf shares with the last one, and whether a gap lies between them."""
        if last is None:
            return 0, False
        common = sum(takewhile(bool, map(is_, last.frames, own)))
        before = last.frames[common] if common < len(last.frames) else None
        behind = own[common] if common < len(own) else None
        siblings = isinstance(before, Item) and isinstance(behind, Item) and before.series is behind.series
        inside_item = common > 0 and isinstance(own[common - 1], Item)
        return common, self._blank or not (siblings or inside_item)

    def _close(self) -> None:
        """The open leaf, if any, is complete."""
        if leaf := self.open:
            if self._may_define(leaf):
                leaf = self._without_definitions(leaf)
            leaf.known = len(self.references)
            self.open = None

    def _without_definitions(self, leaf: Leaf) -> Leaf:
        """What the open paragraph is without the definitions it begins with: they become leaves."""
        text = self._replace(leaf, leaf.kind, leaf.lines[:])
        self._define(text)
        if not text.lines:
            self.leaves.pop()
            self.open = None
        return text

    @staticmethod
    def _may_define(leaf: Leaf) -> bool:
        """Whether it may begin with definitions."""
        return leaf.kind is Kind.PARAGRAPH and leaf.lines[0][:1] == "[" and not leaf.continued

    def _define(self, leaf: Leaf) -> None:
        """Take the link reference definitions from the last leaf's beginning."""
        text = leaf.text
        while text[:1] == "[" and (found := definition_at_start(text)):
            label, address, end, title = found
            if self.goes_on and end == len(text):
                return  # its address may go on too
            lines = text[:end].rstrip().split("\n")
            definition = replace(leaf, kind=Kind.DEFINITION, lines=lines, parts=[])
            if label not in self.references:
                self.references[label] = (len(self.references), address)
                if self.characters <= LATEST:
                    self.early = len(self.references)
                    definition.label = "" if title else label
            self.leaves.insert(leaf.number, definition)
            leaf.number += 1
            leaf.common, leaf.gap = len(leaf.frames), False
            text = text[end:].lstrip(" ")
            leaf.lines = text.split("\n") if text else []
