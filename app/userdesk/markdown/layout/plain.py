"""The layout of text that is shown as it was typed."""

from userdesk.markdown.layout.rows import Layout, Row, Run
from userdesk.markdown.layout.wrap import wrapped

TAB = 4


def plain_layout(text: str, width: int) -> Layout:
    """What a user typed, wrapped to `width` cells (4 at least); no Markdown, tabs expanded."""
    layout = Layout(width)
    rows = layout.rows
    for line, source in enumerate(text.split("\n")):
        shown = source.expandtabs(TAB)
        for start, end in wrapped(shown, width):
            rows.append(Row((Run(shown[start:end]),) if end > start else (), 0, line, start))
    layout.stable = len(rows)
    return layout
