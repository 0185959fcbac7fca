"""The HTML that is set as what it means; any other stands as it is written.

Line breaks, bold and the like, raised and lowered signs, details with their summary. A comment is shown as it
is written, in a style of its own: what an answer holds is not hidden.
"""

import re

from userdesk.markdown.layout.styling import Span
from userdesk.markdown.parse.scan import Scan

_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>b|strong|i|em|u|ins|mark|kbd|s|del|summary)[ \t]*>(?:(?<=</summary>)\n)?"
    r"|<(?P<break>br)[ \t]*/?>[ \t]*\n?"
    r"|<(?P<script>su[bp])>(?P<raised>[^<>\n*_`~\\\[\]&$]{1,40})</(?P=script)>"
    r"|<(?P<details>/?details)(?:[ \t]+open)?[ \t]*>\n?"
    r"|(?P<comment><!--.*?-->)",
    re.I | re.S,
)
DETAILS_LINE = re.compile(r"[ \t]*</?details(?:[ \t]+open)?[ \t]*>[ \t]*", re.I)
"""A line that only tells where details begin or end."""
_STYLES = {
    **dict.fromkeys(("b", "strong", "summary"), "strong"),
    **dict.fromkeys(("i", "em"), "em"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "del"), "strike"),
    **{"mark": "mark", "kbd": "code"},
}
_SHOWN = {"summary": "▸ "}
_RAISED = {
    "sup": ("^", str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")),
    "sub": ("_", str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")),
}


def take_tag(scan: Scan, start: int) -> int:
    """Take the tag or comment at `start`; where the scan goes on, 0 where there is none that is known."""
    match = _TAG.match(scan.text, start)
    if match is None:
        if scan.text.startswith("<!--", start):
            scan.loose.append(start)
            if scan.tentative:
                scan.add_verbatim("comment", scan.text[start:])
                return len(scan.text)
        return 0
    end = match.end()
    if match["break"]:
        scan.add_break(start)
    elif match["comment"]:
        scan.add_verbatim("comment", match[0])
        scan.solid.append((start, end))
    elif match["script"]:
        scan.pieces.append(_raised(match["script"].lower(), match["raised"]))
        scan.solid.append((start, end))
    elif match["details"]:
        if match["details"][0] == "/" and scan.pieces and scan.pieces[-1] == "\n":
            scan.pieces[-1] = ""
    elif match["end"]:
        _close(scan, match["name"].lower(), match[0], ends_text=end == len(scan.text))
    else:
        scan.tags.append((match["name"].lower(), len(scan.pieces), start))
        scan.pieces.append(match[0])
    return end


def assume_closed(scan: Scan, reach: int) -> None:
    """Take tags that are open at the end of growing text as about to close."""
    for name, piece, start in scan.tags:
        if len(scan.text) - start <= reach:
            _set(scan, name, piece)


def _close(scan: Scan, name: str, tag: str, ends_text: bool) -> None:
    for index in reversed(range(len(scan.tags))):
        opened, piece, _start = scan.tags[index]
        if opened == name:
            del scan.tags[index:]
            _set(scan, name, piece)
            if name == "summary" and not ends_text:
                scan.pieces.append("\n")
            return
    scan.pieces.append(tag)


def _set(scan: Scan, name: str, piece: int) -> None:
    scan.pieces[piece] = _SHOWN.get(name, "")
    scan.spans.append(Span(_STYLES[name], piece, len(scan.pieces)))


def _raised(script: str, text: str) -> str:
    """`x²` and `H₂O` where Unicode has the signs, else `x^n` and `x_max`."""
    mark, signs = _RAISED[script]
    raised = text.translate(signs)
    if not any(character in raised for character in text):
        return raised
    return mark + (text if text.isalnum() else f"({text})")
