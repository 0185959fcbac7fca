"""The page itself: what it asks for, what it says without a terminal, what it looks like at its edges."""

import re
from collections.abc import Callable

import pytest
from browsing import Tab, colours, told_by_host, waits_until
from playwright.sync_api import Browser, BrowserContext
from serving import Serving

Launch = Callable[..., Browser]
DARK, LIGHT = "#121316", "#fbfbfd"


def test_everything_comes_from_the_host(tab: Tab, serving: Serving) -> None:
    host = re.search(r"//([^/]+)/", serving.invitation())
    assert host
    assert tab.hosts_asked() == {host[1]}
    paths = {re.sub(r".*?//[^/]+", "", each).partition("?")[0] for each in tab.asked}
    assert paths >= {"/", "/ws"}
    assert all(re.fullmatch(r"/(ws|static/\w+/(fonts/)?[\w-]+\.\w+)?", each) for each in paths)


def test_the_token_leaves_the_address(tab: Tab) -> None:
    assert tab.page.url.endswith("/")


def test_the_pages_policy_is_that_of_every_answer(tab: Tab) -> None:
    answer = tab.page.request.get(tab.page.url)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"


def test_nothing_scrolls_and_the_themes_ground_reaches_the_edges(tab: Tab) -> None:
    tab.page.set_viewport_size({"width": 1008, "height": 675})  # more than whole cells
    overflows = "[document.documentElement, document.body].some((it) => it.scrollHeight > it.clientHeight)"
    assert not tab.page.evaluate(overflows)
    waits_until(lambda: edges(tab) == {DARK})
    tab.press("F12")
    tab.sees("userdesk-light")
    tab.press("ArrowDown")
    tab.press("Enter")
    waits_until(lambda: edges(tab) == {LIGHT})


def edges(tab: Tab) -> set[str]:
    """The colours of the outermost pixels."""
    sides = ((0, 0, 1008, 1), (0, 674, 1008, 1), (0, 0, 1, 675), (1007, 0, 1, 675))
    return set().union(*(colours(tab.page, *side) for side in sides))


def test_cells_are_whole_pixels_and_the_type_is_the_one_that_comes_along(tab: Tab) -> None:
    box = tab.page.locator(".xterm-screen").bounding_box()
    assert box
    assert box["width"] % tab.size[0] == 0
    for face in ("16px 'Roboto Mono'", "bold 16px 'Roboto Mono'", "italic 16px 'Roboto Mono'"):
        for text in ("A", "◆❯●✓─▌⠋"):
            assert tab.page.evaluate("([face, text]) => document.fonts.check(face, text)", [face, text])


def test_wide_characters_and_emoji_take_the_cells_that_the_program_gives_them(tab: Tab) -> None:
    tab.send("/unicode")
    tab.sees("│ wide")
    family, flag, keycap = "👨‍👩‍👧‍👦", "🇪🇸", "1️⃣"
    for cluster in (family, flag, keycap, "❤️", "👍🏽"):
        tab.sees(f"{cluster} ")
        assert tab.page.evaluate(WIDTH_OF, cluster) == 2
    top, wide = (next(each for each in tab.rows if text in each) for text in ("┬", "全角文字"))
    assert top.index("┬") == wide.rindex("│ wide") + len("全角文字")  # which take a cell more each


WIDTH_OF = """(cluster) => {
  const { buffer, rows, cols } = window.bundle.terminal;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < cols; column++) {
      const cell = buffer.active.getLine(row).getCell(column);
      if (cell.getChars() === cluster) return cell.getWidth();
    }
}"""


@pytest.mark.parametrize("missing", ["--disable-gpu", "--disable-3d-apis"])
def test_without_webgl_it_is_drawn_all_the_same(launch: Launch, serving: Serving, missing: str) -> None:
    with launch(missing) as browser:
        tab = Tab(browser.new_context())
        tab.open(serving.invitation())
        tab.sees("Message")
        tab.sees("Hello")
        left, middle = tab.place_of("Hello")
        waits_until(lambda: len(colours(tab.page, left, middle - 10, 100, 20)) > 10)
        assert tab.complaints == []


def test_screen_readers_are_given_the_terminals_text_once_they_ask(tab: Tab) -> None:
    text = "() => document.querySelector('.xterm-accessibility')?.innerText ?? ''"
    assert tab.page.evaluate(text) == ""
    button = tab.page.get_by_role("button", name="screen readers")
    button.focus()
    tab.press("Enter")
    tab.until(f"() => ({text})().includes('Message the demo chatbot')")
    assert button.count() == 0
    tab.type("it goes to the program")
    tab.until(f"() => ({text})().includes('it goes to the program')")


def test_without_scripts_it_says_so(browser: Browser, serving: Serving) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(serving.invitation())
    assert "needs JavaScript" in page.locator("noscript").inner_text()
    context.close()


def test_a_wrong_token_is_answered_in_the_programs_look(context: BrowserContext, serving: Serving) -> None:
    tab = Tab(context)
    address = serving.invitation()
    with told_by_host(tab):
        assert tab.open(address[:-3] + "xyz") == 403
    assert "not valid" in tab.notice
    assert "Ask whoever invited you" in tab.notice
    assert colours(tab.page, 0, 0, 1000, 1) == {DARK}
    box = tab.page.locator(".notice").bounding_box()
    assert box
    assert abs(box["x"] + box["width"] / 2 - 500) <= 1
    assert abs(box["y"] + box["height"] / 2 - 330) <= 1
    assert tab.page.evaluate("document.fonts.check(\"16px 'Roboto Mono'\")")
    assert tab.page.locator(".xterm").count() == 0
    assert tab.complaints == []
