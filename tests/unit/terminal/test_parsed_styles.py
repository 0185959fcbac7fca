"""Styles of another theme are parsed ahead, and what asks for it again has them."""

from textual.css.stylesheet import Stylesheet

from userdesk.tui.terminal.parsed_styles import ParsedStyles

RED, BLUE = {"ground": "red"}, {"ground": "blue"}


def styled(css: str) -> Stylesheet:
    styles = Stylesheet(variables=RED)
    styles.add_source(css)
    styles.parse()
    return styles


def parsed(before: Stylesheet) -> ParsedStyles:
    styles = ParsedStyles(before, BLUE)
    while not styles.parse_some():
        pass
    return styles


def grounds(styles: Stylesheet) -> list[str]:
    return [rule.styles.background.hex for rule in styles.rules]


def test_they_are_parsed_with_the_other_variables() -> None:
    before = styled("Static { background: $ground; }")
    after = parsed(before)
    assert (grounds(before), grounds(after)) == (["#FF0000"], ["#0000FF"])
    assert after.source == before.source


def test_they_are_parsed_in_steps_and_keep_their_order(monkeypatch) -> None:
    monkeypatch.setattr("userdesk.tui.terminal.parsed_styles.SLICE", -1.0)
    before = styled("Static { background: $ground; }")
    before.add_source("Static { background: green; }", ("second.tcss", ""))
    before.parse()
    styles = ParsedStyles(before, BLUE)
    assert [styles.parse_some(), len(styles.source)] == [False, 1]
    assert [styles.parse_some(), len(styles.source)] == [True, 2]
    assert grounds(styles) == ["#0000FF", "#008000"]


def test_they_are_parsed_again_with_other_variables_alone() -> None:
    styles = parsed(styled("Static { background: $ground; }"))
    rules = styles.rules
    styles.set_variables(BLUE)
    styles.reparse()
    assert styles.rules is rules
    styles.set_variables(RED)
    styles.reparse()
    assert grounds(styles) == ["#FF0000"]
