"""Styles of another theme, parsed in a step of the event loop before the one that gives them to widgets."""

from textual.css.stylesheet import Stylesheet


class ParsedStyles(Stylesheet):
    """The sources of a stylesheet, parsed with other variables ahead of `reparse`."""

    def __init__(self, before: Stylesheet, variables: dict[str, str]) -> None:
        """Parse what `before` was made of."""
        super().__init__(variables=variables)
        self._parsed_with: dict[str, str] | None = variables
        self.source = before.source.copy()
        self.parse()

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take other variables; the same ones change nothing."""
        if variables != self._parsed_with:
            self._parsed_with = None
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse it with the variables it has, unless it was."""
        if self._parsed_with is None:
            super().reparse()
