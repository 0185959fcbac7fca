"""What the browser lets a page do only at a press is offered in a line of its own."""

from browsing import Tab

BLOCKS = """
navigator.clipboard.writeText = () => Promise.reject(new Error("not at a press"));
document.execCommand = () => false;
window.open = () => null;
"""


def test_what_may_not_be_copied_at_once_is_offered(tab: Tab) -> None:
    tab.page.evaluate(BLOCKS)
    tab.click("Hello")
    tab.press("y")
    offer = tab.page.locator(".offer")
    offer.get_by_role("button", name="Copy").wait_for()
    tab.page.evaluate("() => { delete document.execCommand; delete navigator.clipboard.writeText; }")
    offer.get_by_role("button", name="Copy").click()
    offer.wait_for(state="hidden")
    assert "demo chatbot" in tab.clipboard()
    tab.press("Escape")
    tab.sees("Message")
    tab.type("the keys are the program's again")
    tab.sees("the keys are the program's again")


def test_a_page_of_plain_http_copies_all_the_same(tab: Tab) -> None:
    tab.page.evaluate("() => { navigator.clipboard.writeText = undefined; }")
    tab.click("Hello")
    tab.press("y")
    tab.sees("Copied the message")
    tab.until("() => document.activeElement.classList.contains('xterm-helper-textarea')")
    assert "demo chatbot" in tab.clipboard()


def test_a_tab_that_is_not_opened_is_offered_as_a_link(tab: Tab) -> None:
    tab.page.set_viewport_size({"width": 1000, "height": 1800})
    tab.page.evaluate(BLOCKS)
    tab.send("/markdown")
    tab.sees("snake_case_names")
    tab.click("CommonMark specification")
    tab.sees("open in the browser")
    tab.press("Enter")
    link = tab.page.locator(".offer").get_by_role("link")
    link.wait_for()
    assert link.get_attribute("href") == "https://commonmark.org"
    assert set((link.get_attribute("rel") or "").split()) == {"noopener", "noreferrer"}
