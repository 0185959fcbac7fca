"""Lines of Markdown to leaves in containers, one line at a time (the block phase of CommonMark).

Every line is looked at once, whatever stands before it, so the cost of a text is linear and a text that
streams in gives the same leaves as a whole one. What would need a look back is decided by the text alone:
a long paragraph is cut, a list is as loose as its source.
"""

import re

from userdesk.markdown.parse.containers import Item, Kind, Leaf, Quote
from userdesk.markdown.parse.formulas import opened_by
from userdesk.markdown.parse.html_tags import DETAILS_LINE
from userdesk.markdown.parse.leaves import LeafStore
from userdesk.markdown.parse.tables import is_delimiter_row, is_header

MAX_DEPTH = 24  # containers deeper than that are text

_INDENT = re.compile(" *")
_RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$")
_HEADING = re.compile(r"(#{1,6})(?:[ \t]+|$)")
_HEADING_END = re.compile(r"(?:^|[ \t]+)#+[ \t]*$")
_FENCE = re.compile(r"(`{3,})([^`]*)$|(~{3,})(.*)$")
_SETEXT = re.compile(r"(=+|-+)[ \t]*$")
_MARKER = re.compile(r"([-+*])(?=[ \t]|$)|(\d{1,9})([.)])(?=[ \t]|$)")
_TASK = re.compile(r"\[([ xX])\](?=[ \t]+\S)")
_LEADING_TABS = re.compile(r"[ \t>*+\-\d.)]*")
_FORMULA_LINES = 64  # of one leaf: what is open is laid out again and again
_STARTS = frozenset(">#`~-+*_=|:$\\0123456789")


class BlockParser(LeafStore):
    """Takes lines, gives leaves."""

    def glue(self, text: str) -> None:
        """More of the line that was given last: lines beyond a limit come in parts."""
        self.characters += len(text)
        leaf = self.open
        if leaf and leaf.kind is Kind.CODE:
            if leaf.lines:
                leaf.parts.append(len(leaf.lines))
            leaf.lines.append(text)
        elif leaf and leaf.kind is Kind.PARAGRAPH:
            leaf.lines[-1] += text
            self._cut(leaf)
        else:
            frames = self.leaves[-1].frames if self.leaves else ()
            self._close()
            self._add(Kind.PARAGRAPH, frames).lines.append(text)

    def line(self, source: str) -> None:
        """The next line, without its line end."""
        self.characters += len(source) + 1
        leaf = self.open
        if leaf and leaf.fence and not self._frames:
            self._code_line(leaf, source)
            return
        if "\t" in source:
            lead = _LEADING_TABS.match(source)
            if lead and "\t" in lead[0]:
                source = lead[0].expandtabs(4) + source[lead.end() :]
        at, depth = self._continue(source)
        matched = depth == len(self._frames)
        if leaf and matched and leaf.kind is Kind.CODE and self._continue_code(leaf, source, at):
            return
        rest = source[at:].lstrip(" ")
        if not rest or rest.isspace():
            self._blank_line(depth)
            return
        if leaf and matched and leaf.kind is Kind.FORMULA:
            self._formula_line(leaf, source[at:])
            return
        self._start(source, at, depth)

    def _continue(self, source: str) -> tuple[int, int]:
        """Where the line's content begins, and how many open containers it goes on in."""
        at = depth = 0
        for frame in self._frames:
            content = _INDENT.match(source, at).end()  # type: ignore[union-attr]
            if isinstance(frame, Quote):
                if content - at > 3 or source[content : content + 1] != ">":
                    break
                at = content + 1 + (source[content + 1 : content + 2] == " ")
            elif content >= len(source):
                last = self.leaves[-1] if self.leaves else None
                if frame.blank_start and last and last.kind is Kind.EMPTY and last.frames[-1] is frame:
                    break
                at = min(content, at + frame.indent)
            elif content - at >= frame.indent:
                at += frame.indent
            else:
                break
            depth += 1
        return at, depth

    def _continue_code(self, leaf: Leaf, source: str, at: int) -> bool:
        if leaf.fence:
            self._code_line(leaf, source[at:])
            return True
        content = _INDENT.match(source, at).end()  # type: ignore[union-attr]
        if content == len(source):
            self._blanks.append(source[at + 4 :])
            self._blank = True
        elif content - at >= 4:
            leaf.lines += [*self._blanks, source[at + 4 :]]
            self._blanks = []
        else:
            return False
        return True

    def _code_line(self, leaf: Leaf, line: str) -> None:
        bare, indent = line.strip(" \t"), len(line) - len(line.lstrip(" "))
        is_marks = bare.startswith(leaf.fence) and not bare.strip(leaf.fence[0])
        if is_marks and indent < 4 and not line.startswith("\t"):
            self._close()
        else:
            leaf.lines.append(line[min(indent, leaf.fence_indent) :])

    def _formula_line(self, leaf: Leaf, line: str) -> None:
        if len(leaf.lines) == _FORMULA_LINES:
            self._close()
            leaf = self._add_follower(leaf)
        at = line.find(leaf.closing)
        end = at + len(leaf.closing) if at >= 0 and any(map(str.isalpha, line[at + 2 :])) else len(line)
        leaf.lines.append(line[:end])
        if at >= 0:
            self._close()
            self._text(line[end:], len(self._frames), False)

    def _blank_line(self, depth: int) -> None:
        if depth < len(self._frames):
            self._drop(depth)
        elif self.open and self.open.kind is not Kind.EMPTY:
            self._close()
        self._blank = True

    def _start(self, source: str, at: int, depth: int) -> None:
        """Open what the rest of a line opens; its text goes into the leaf that results."""
        size = len(source)
        fresh = False  # whether a container was opened in this line
        while True:
            content = _INDENT.match(source, at).end()  # type: ignore[union-attr]
            if content >= size:
                break
            leaf = self.open
            paragraph = leaf if leaf and leaf.kind is Kind.PARAGRAPH else None
            here = not fresh and depth == len(self._frames)  # all open containers go on
            if content - at >= 4:
                if paragraph and not fresh:
                    break
                self._drop(depth)
                self._add(Kind.CODE).lines.append(source[at + 4 :])
                return
            first = source[content]
            if first not in _STARTS:
                break
            rest = source[content:] if content else source
            if first == ">" and depth < MAX_DEPTH:
                self._drop(depth)
                self._frames.append(Quote())
                depth += 1
                fresh = True
                at = content + 1 + (source[content + 1 : content + 2] == " ")
                continue
            if self._start_leaf(rest, first, content - at, depth, paragraph if here else None):
                return
            end = self._start_item(source, content, at, depth, here and paragraph is not None)
            if end is None:
                break
            depth += 1
            fresh = True
            at = end
        self._text(source[at:], depth, fresh)

    def _start_leaf(self, rest: str, first: str, indent: int, depth: int, paragraph: Leaf | None) -> bool:
        """Whether the line is a heading, a fence, a rule, an underline or a table's second line."""
        if first == "#" and (match := _HEADING.match(rest)):
            self._drop(depth)
            leaf = self._add(Kind.HEADING, level=len(match[1]))
            leaf.lines.append(_HEADING_END.sub("", rest[match.end() :]).strip(" \t"))
            leaf.broken = self.goes_on
            self._close()
            return True
        if first in "`~" and (match := _FENCE.match(rest)):
            self._drop(depth)
            leaf = self._add(Kind.CODE)
            leaf.fence = match[1] or match[3]
            leaf.fence_indent = indent
            words = (match[2] or match[4] or "").split()
            leaf.language, leaf.info = words[0] if words else "", " ".join(words)
            return True
        if first in "$\\" and (closing := opened_by(rest, alone=self.in_paragraph)):
            self._drop(depth)
            leaf = self._add(Kind.FORMULA)
            leaf.closing = closing
            leaf.lines.append(rest)
            return True
        if paragraph and first in "-|:" and self._start_table(rest, paragraph):
            return True
        if paragraph and first in "=-" and _SETEXT.match(rest) and self._underline(rest, paragraph):
            return True
        if first in "*-_" and _RULE.match(rest):
            self._drop(depth)
            self._close()
            self._add(Kind.RULE)
            self._close()
            return True
        return False

    def _start_table(self, rest: str, paragraph: Leaf) -> bool:
        header = paragraph.lines[-1]
        if "|" not in header or not is_delimiter_row(rest) or not is_header(header, rest):
            return False
        if len(paragraph.lines) > 1:
            self._replace(paragraph, Kind.PARAGRAPH, paragraph.lines[:-1])
            self._close()
            self._add(Kind.TABLE).lines += [header, rest]
        elif paragraph.glued:
            return False
        else:
            self._replace(paragraph, Kind.TABLE, [header, rest])
        return True

    def _underline(self, rest: str, paragraph: Leaf) -> bool:
        if paragraph.continued:
            return False
        heading = self._replace(paragraph, Kind.HEADING, paragraph.lines[:])
        heading.level = 1 if rest[0] == "=" else 2
        self._define(heading)
        if heading.lines:
            self._close()
        else:  # only definitions stood above: the underline is text
            self._replace(heading, Kind.PARAGRAPH, [rest])
        return True

    def _start_item(self, source: str, content: int, at: int, depth: int, interrupts: bool) -> int | None:
        """Open a list item; where its text begins."""
        marker = _MARKER.match(source, content)
        if not marker or depth >= MAX_DEPTH:
            return None
        size = len(source)
        end = marker.end()
        text = _INDENT.match(source, end).end()  # type: ignore[union-attr]
        blank = text >= size
        if interrupts and (blank or (marker[2] and int(marker[2]) != 1)):
            return None
        spaces = text - end
        width = end - content + (spaces if 1 <= spaces <= 4 and not blank else 1)
        delimiter = marker[1] or marker[3]
        sibling = self._frames[depth] if depth < len(self._frames) else None
        bullet_depth = sum(isinstance(f, Item) and f.number is None for f in self._frames[:depth])
        if isinstance(sibling, Item) and sibling.delimiter == delimiter:
            series = sibling.series
            number = sibling.number + 1 if sibling.number is not None else None
        else:
            series = object()
            number = int(marker[2]) if marker[2] else None
        task = None if blank else _TASK.match(source, text) if spaces <= 4 else None
        done = task[1] != " " if task else None
        item = Item(delimiter, number, content - at + width, bullet_depth, series, done, blank)
        self._drop(depth)
        self._frames.append(item)
        if blank:
            self._add(Kind.EMPTY)
            return size
        begin = content + width
        if task:
            begin = _INDENT.match(source, task.end()).end()  # type: ignore[union-attr]
        return begin

    def _text(self, rest: str, depth: int, fresh: bool) -> None:
        """A line of text: a paragraph, its continuation, or a table's row."""
        leaf = self.open
        if not rest or rest.isspace():
            return
        if rest[0] == "<" and DETAILS_LINE.fullmatch(rest):
            self._drop(depth)
            return
        if leaf and leaf.kind is Kind.TABLE and not fresh and depth == len(self._frames):
            leaf.lines.append(rest.strip(" \t"))
            leaf.broken = self.goes_on
            return
        if not leaf or leaf.kind is not Kind.PARAGRAPH or fresh:
            self._drop(depth)
            leaf = self._add(Kind.PARAGRAPH)
        leaf.lines.append(rest.lstrip(" \t"))
        self._cut(leaf)
