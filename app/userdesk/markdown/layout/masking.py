"""Masks known secrets in what Markdown is drawn as, whatever runs they are drawn in.

The source was masked before it was parsed (`domain.safe_text`). What only parsing puts together, and
what became a secret since, is found here: over a whole logical line, before it is wrapped into rows.
"""

from userdesk.domain.secret_mask import KNOWN
from userdesk.markdown.layout.rows import Run


def masked(runs: list[Run]) -> list[Run]:
    """The runs of one logical line without secrets; what stands for one has the look of its beginning."""
    if not KNOWN or not runs:
        return runs
    text = runs[0].text if len(runs) == 1 else "".join([run.text for run in runs])
    spans = KNOWN.spans(text)
    if not spans:
        return runs
    kept: list[Run] = []
    begin = 0  # where the run's text begins in the line
    for run in runs:
        end = begin + len(run.text)
        parts, at = [], begin
        for span in spans:
            if span.end <= begin or span.start >= end:
                continue
            parts.append(text[at : max(span.start, at)])
            if span.start >= begin:
                parts.append(span.shown)
            at = min(span.end, end)
        parts.append(text[at:end])
        if left := "".join(parts):
            kept.append(run._replace(text=left))
        begin = end
    return kept
