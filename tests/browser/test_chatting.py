"""A visitor chats: everything that goes between the program and the browser, in both directions."""

from collections.abc import Callable
from pathlib import Path

from browsing import Tab, waits_until
from playwright.sync_api import Browser, BrowserContext, Route
from serving import Serving

OpenTab = Callable[[BrowserContext], Tab]
LAST = "Every line is drawn only while it can be seen."  # of what /long 3 answers


def test_an_answer_is_seen_while_it_streams(tab: Tab) -> None:
    tab.send("/slow")
    tab.sees("This answer takes its time")
    assert "the end of it" not in "\n".join(tab.rows)
    tab.sees("busy chatbot")
    tab.press("Escape")
    tab.sees("stopped")


def test_the_program_takes_the_windows_size(tab: Tab) -> None:
    assert tab.size == (100, 30)
    tab.page.set_viewport_size({"width": 820, "height": 484})
    tab.until("() => window.bundle.terminal.cols === 82 && window.bundle.terminal.rows === 22")
    tab.until("() => window.shownRows().some((it) => /^ {0,20}╭─{50,}╮ {0,20}$/.test(it))")
    tab.sees("Enter send")


def test_a_paste_of_several_lines_arrives_as_one(tab: Tab) -> None:
    tab.page.evaluate("navigator.clipboard.writeText('first line\\nsecond line: 全角 👩‍💻\\nthird line')")
    tab.press("Control+v")
    tab.sees("third line")
    tab.sees("second line: 全角 👩‍💻")
    tab.press("Enter")
    tab.sees("Message")
    tab.sees("first line")  # one message, sent by one Enter


def test_a_very_long_paste_arrives_whole(tab: Tab) -> None:
    tab.page.evaluate("navigator.clipboard.writeText('a👍'.repeat(100_000) + ' the end')")
    tab.press("Control+v")
    tab.sees("200,008 characters")


def test_shift_and_enter_begin_a_new_line(tab: Tab) -> None:
    tab.type("one")
    tab.press("Shift+Enter")
    tab.type("two")
    tab.sees("two")
    tab.sees("one")
    assert not any("onetwo" in each for each in tab.rows)


def test_what_is_copied_arrives_in_the_browsers_clipboard(tab: Tab) -> None:
    tab.send("/long 3")
    tab.sees(LAST)
    tab.page.evaluate("navigator.clipboard.writeText('before')")
    tab.click(LAST)
    tab.press("y")
    waits_until(lambda: tab.clipboard() != "before")
    assert LAST in tab.clipboard()
    tab.sees("Copied the message")


def test_an_export_is_downloaded(tab: Tab, tmp_path: Path) -> None:
    tab.send("/long 3")
    tab.sees(LAST)
    tab.press("Control+s")
    tab.sees("Markdown")
    with tab.page.expect_download() as coming:
        tab.press("Enter")
    download = coming.value
    assert download.suggested_filename.endswith(".md")
    assert LAST in Path(download.path()).read_text("utf-8")
    tab.sees("Sent to your browser")


def test_a_link_opens_a_tab_of_its_own(tab: Tab) -> None:
    def answer(route: Route) -> None:
        route.fulfill(body="elsewhere", content_type="text/html")

    tab.page.context.route("https://commonmark.org/**", answer)
    tab.send("/markdown")
    tab.sees("snake_case_names")
    tab.page.set_viewport_size({"width": 1000, "height": 1800})
    tab.sees("CommonMark specification")
    tab.click("CommonMark specification")
    tab.sees("open in the browser")
    with tab.page.context.expect_page() as coming:
        tab.press("Enter")
    opened = coming.value
    opened.wait_for_url("https://commonmark.org/")
    assert opened.evaluate("window.opener") is None
    assert opened.evaluate("document.referrer") == ""
    assert len(tab.page.context.pages) == 2


def test_the_browser_keeps_none_of_the_programs_keys(tab: Tab) -> None:
    tab.press("F1")
    tab.sees("Anywhere")
    tab.press("Escape")
    tab.sees_no("Anywhere")
    tab.press("Control+p")
    tab.sees("Commands")
    tab.press("Escape")
    tab.press("Control+f")
    tab.sees("Find")


def test_two_visitors_see_nothing_of_each_other(
    tab: Tab, browser: Browser, open_tab: OpenTab, serving: Serving
) -> None:
    other = open_tab(browser.new_context())
    other.open(serving.invitation())
    other.sees("Message")
    tab.send("the word of the first")
    other.send("the word of the second")
    for each, own in ((tab, "first"), (other, "second")):
        each.sees(f"the word of the {own}")
        each.press("F3")
        each.sees("switch")
    assert "second" not in "\n".join(tab.rows)
    assert "the word of the first" not in "\n".join(other.rows)
    other.page.context.close()
