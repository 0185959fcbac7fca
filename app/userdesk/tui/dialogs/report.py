"""The report of a question set that was played, over the chat."""

from collections.abc import Iterator
from itertools import islice
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from userdesk.markdown.layout.plain import plain_layout
from userdesk.questions.report import Report
from userdesk.questions.report_markdown import markdown_report
from userdesk.questions.report_text import text_report
from userdesk.tui.dialogs.dialog import PageDialog, keys_line
from userdesk.tui.external.clipboard import Clipboard
from userdesk.tui.external.written_file import at_home, write_new

MOST_LINES = 2000
"""Lines of the report that are shown."""
_LOOKS = {"✓": "$success", "✗": "$error", "!": "$error bold", "■": "$warning", "│": "$dim"}


class ReportScreen(PageDialog):
    """Each answer, what was expected of it and what held; nothing in it is read as markup."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,q", "leave", "Close"),
        Binding("y", "copy", "Copy as Markdown"),
        Binding("s", "save", "Save as Markdown"),
        Binding("home", "scroll(-1000000)", show=False),
        Binding("end", "scroll(1000000)", show=False),
    ]

    def __init__(self, report: Report, clipboard: Clipboard, *, for_audience: bool = False) -> None:
        super().__init__("report-page")
        self._report = report
        self._clipboard = clipboard
        self._for_audience = for_audience
        keys = keys_line(("↑↓", "scroll"), ("y", "copy"), ("s", "save"), ("Esc", "close"))
        self._keys = Static(keys, classes="dialog-keys", id="report-keys", markup=False)

    def compose(self) -> ComposeResult:
        """The summary on top, the page below it."""
        about = f"{self._report.questions.title} · {self._report.chatbot}"
        with Vertical(classes="dialog", id="report"):
            yield Static(Content(about), id="report-title")
            yield Static(Content(self._report.summary), id="report-summary")
            yield self.scroll
            yield self._keys

    def written(self, width: int) -> Content:
        """The report's lines, as far as they are shown."""
        return Content("\n").join(self._lines(width))

    def _lines(self, width: int) -> Iterator[Content]:
        report = text_report(self._report, width=width, for_audience=self._for_audience)
        lines = list(islice(report, 2, MOST_LINES + 2))  # title and summary stand above
        if len(lines) == MOST_LINES:  # each is laid out, and a set may have any number of questions
            lines += ["", "Press s to save the full report."]
        for line in lines:
            words = line.lstrip()
            lead, looks = line[: len(line) - len(words)], ""
            if line[:1].isdigit():
                number, _, words = line.partition(" ")
                lead, looks = f"{number} ", "bold"
            sign = words[:1]
            if sign not in _LOOKS:
                yield Content.assemble((line, looks))
                continue
            rows = plain_layout(words[2:], max(12, width - len(lead) - 2)).rows
            for at, row in enumerate(rows):
                # An answer's rule goes down all of its rows, the sign of a line stands once.
                before = (lead if at == 0 else " " * len(lead), looks)
                mark = sign if at == 0 or sign == "│" else " "
                yield Content.assemble(before, (f"{mark} ", _LOOKS[sign]), (row.text, looks))

    @work(exit_on_error=False)
    async def action_copy(self) -> None:
        """The whole report as Markdown."""
        words = await self._clipboard.copy(markdown_report(self._report), "the report")
        self._keys.update(Content(words))

    @work(thread=True, exit_on_error=False)
    def action_save(self) -> None:
        """The whole report as Markdown, into the current folder."""
        try:
            text = markdown_report(self._report)
            path = write_new(self._report.questions.title, "report", "md", text)
        except OSError as error:
            words = f"Not saved: {error.strerror or error}"
        else:
            words = f"Saved as {at_home(path)}"
        self.app.call_from_thread(self._keys.update, Content(words))
