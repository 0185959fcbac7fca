"""Styles of another theme are parsed ahead, and what asks for it again has them."""

from textual.css.stylesheet import Stylesheet

from userdesk.tui.terminal.parsed_styles import ParsedStyles

RED, BLUE = {"ground": "red"}, {"ground": "blue"}


def styled(css: str) -> Stylesheet:
    styles = Stylesheet(variables=RED)
    styles.add_source(css)
    styles.parse()
    return styles


def ground(styles: Stylesheet) -> str:
    (rule,) = styles.rules
    return rule.styles.background.hex


def test_they_are_parsed_with_the_other_variables() -> None:
    before = styled("Static { background: $ground; }")
    after = ParsedStyles(before, BLUE)
    assert (ground(before), ground(after)) == ("#FF0000", "#0000FF")
    assert after.source == before.source


def test_they_are_parsed_again_with_others_alone() -> None:
    styles = ParsedStyles(styled("Static { background: $ground; }"), BLUE)
    rules = styles.rules
    styles.set_variables(BLUE)
    styles.reparse()
    assert styles.rules is rules
    styles.set_variables(RED)
    styles.reparse()
    assert ground(styles) == "#FF0000"
