"""What a closing bracket makes: links, images, references."""

from userdesk.markdown.layout.styling import Span
from userdesk.markdown.parse.addresses import openable, same, shown
from userdesk.markdown.parse.emphasis import paired
from userdesk.markdown.parse.references import LABEL_LIMIT, link_tail_at, normal_label
from userdesk.markdown.parse.scan import LINK_REACH, Bracket, Scan


def close_bracket(scan: Scan, start: int) -> int:
    """Take the `]` at `start`; where the scan goes on."""
    text, pieces = scan.text, scan.pieces
    end = start + 1
    bracket = scan.brackets.pop() if scan.brackets else None
    if not (bracket and bracket.active):
        pieces.append("]")
        return end
    if scan.holds and _tail_undecided(text, bracket, end):
        scan.held = bracket.start
        return len(text)
    tail = link_tail_at(text, end)
    address, behind = (tail.address, tail.end) if tail else _reference(scan, bracket, start)
    title = tail.title if tail else ""
    scan.solid.append((bracket.start, behind))
    if address is None:
        if text[end : end + 1] == "(":
            scan.loose.append(bracket.start)
        pieces.append("]")
        return end
    pairs = paired(pieces, scan.delimiters, bracket.bottom)
    del scan.delimiters[bracket.bottom :]
    pieces[bracket.piece] = ""
    if bracket.image:
        alternative = " ".join("".join(pieces[bracket.piece :]).split())
        del pieces[bracket.piece :]
        del scan.spans[bracket.spans :]
        scan.tags = [tag for tag in scan.tags if tag[1] < bracket.piece]
        label = f"[image: {alternative}]" if alternative else "[image]"
        scan.spans.append(Span("image", len(pieces), len(pieces) + 1, openable(address)))
        pieces.append(label)
        _show_address(scan, label, address, title)
        return behind
    # A link holds no links: what was found in its text counts as text.
    inner = [span for span in scan.spans[bracket.spans :] if span.style != "link"]
    scan.spans[bracket.spans :] = inner + [pair.span for pair in pairs]
    for other in reversed(scan.brackets):
        if not other.image:
            if not other.active:
                break
            other.active = False
    scan.spans.append(Span("link", bracket.piece, len(pieces), openable(address)))
    _show_address(scan, "".join(pieces[bracket.piece :]), address, title)
    return behind


def _tail_undecided(text: str, bracket: Bracket, end: int) -> bool:
    """Whether a growing text may still make a link of a bracket that just closed."""
    if end == len(text):
        return end - bracket.start <= LINK_REACH
    if text[end] != "(" or len(text) - end > LINK_REACH * 2:
        return False
    rest = text[end:]
    return link_tail_at(text, end) is None and rest.count(")") < rest.count("(")


def _reference(scan: Scan, bracket: Bracket, start: int) -> tuple[str | None, int]:
    """The address that a full, collapsed or shortcut reference leads to, and where it ends."""
    text = scan.text
    end = start + 1
    label, behind = text[bracket.end : start], end
    if text[end : end + 1] == "[":
        close = text.find("]", end + 1, end + LABEL_LIMIT)
        while close > 0 and text[close - 1] == "\\":
            close = text.find("]", close + 1, end + LABEL_LIMIT)
        if close >= 0 and "[" not in text[end + 1 : close].replace("\\[", ""):
            behind = close + 1
            label = text[end + 1 : close] if text[end + 1 : close].strip() else label
    if len(label) > LABEL_LIMIT or not label.strip():
        return None, end
    if "[" in label.replace("\\[", "") or "]" in label.replace("\\]", ""):
        return None, end
    name = normal_label(label)
    found = scan.references.get(name)
    if found and found[0] < scan.known:
        return found[1], behind
    scan.missed.add(name)
    return None, end


def _show_address(scan: Scan, text: str, address: str, title: str) -> None:
    """The address behind a link's text, where that does not tell it, and the link's title."""
    visible = shown(address)
    told = [visible] if visible and not same(text, visible) else []
    if title:
        told.append(f'"{shown(title)}"')
    if told:
        scan.spans.append(Span("link-address", len(scan.pieces), len(scan.pieces) + 1, openable(address)))
        scan.pieces.append(f" ({' '.join(told)})")
