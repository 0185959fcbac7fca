"""The framework's text area, with public places for what it decides in private ones."""

from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import DocumentBase, DocumentNavigator, TextAreaTheme

from userdesk.tui.terminal.wrapped_document import SettableRows


class OpenTextArea(TextArea):
    """A text area whose subclass says how lines are wrapped, and may draw rows itself."""

    wrapped_document: SettableRows

    def wrap_document(self, document: DocumentBase) -> SettableRows:
        """The wrapped view of a document that was just set."""
        return SettableRows(document, tab_width=self.indent_width)

    def draw_row(self, row: int, part: int) -> Strip | None:
        """One row of a line of the document; None has the framework draw it."""
        return None

    @property
    def styles_of_text(self) -> TextAreaTheme:
        """The styles of text, cursor and selection, as the stylesheet has them now."""
        return self._theme

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document(text, language)
        self.wrapped_document = self.wrap_document(self.document)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._rewrap_and_refresh_virtual_size()

    def _render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        document = self.wrapped_document
        drawn = self.draw_row(*document.row_at(at)) if at < document.height else None
        return super()._render_line(y) if drawn is None else drawn
