"""The page on a telephone: held upright, without a keyboard, touched."""

from collections.abc import Callable, Iterator

import pytest
from browsing import Tab
from playwright.sync_api import Browser, BrowserContext
from serving import Serving

OpenTab = Callable[[BrowserContext], Tab]


@pytest.fixture
def telephone(browser: Browser, open_tab: OpenTab, serving: Serving) -> Iterator[Tab]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    tab = open_tab(context)
    tab.open(serving.invitation())
    tab.sees("Message")
    yield tab
    context.close()


def test_held_upright_it_has_forty_columns(telephone: Tab) -> None:
    assert telephone.size[0] == 40
    telephone.page.set_viewport_size({"width": 740, "height": 360})
    telephone.until("() => window.bundle.terminal.cols > 70 && window.bundle.terminal.rows < 16")
    telephone.page.set_viewport_size({"width": 320, "height": 568})
    telephone.until("() => window.bundle.terminal.cols === 40")


def test_an_on_screen_keyboard_leaves_the_input_bar_in_view(telephone: Tab) -> None:
    telephone.page.set_viewport_size({"width": 360, "height": 400})
    telephone.until("() => window.bundle.terminal.rows < 20")
    telephone.sees("Message")
    bar = telephone.page.locator(".touch-keys").bounding_box()
    assert bar
    assert telephone.place_of("Message").y < bar["y"]
    assert bar["y"] + bar["height"] <= 400


def test_it_has_the_keys_that_telephones_lack(telephone: Tab) -> None:
    press = telephone.page.get_by_role("navigation").get_by_role("button")
    assert press.all_inner_texts() == ["Esc", "Tab", "↑", "↓", "New", "Switch", "Commands"]
    for key in press.all():
        box = key.bounding_box()
        assert box
        assert box["width"] >= 24
        assert box["height"] >= 36
        assert box["x"] + box["width"] <= 360
    press.filter(has_text="Commands").tap()
    telephone.sees("Esc close")
    press.filter(has_text="Esc").tap()
    telephone.sees_no("Esc close")


def test_a_swipe_scrolls(telephone: Tab) -> None:
    telephone.send("/long 60")
    telephone.sees("60.")
    telephone.until("() => window.shownRows().some((it) => it.includes('Message'))")
    swipe(telephone, 200, 560)
    telephone.sees_no("60.")
    swipe(telephone, 560, 100)
    telephone.sees("60.")


def test_a_tap_is_a_click(telephone: Tab) -> None:
    telephone.page.touchscreen.tap(*telephone.place_of("Hello"))
    telephone.sees("Press Esc to write")


def swipe(tab: Tab, begin: float, end: float) -> None:
    """Draw a finger from one height to another."""
    session = tab.page.context.new_cdp_session(tab.page)

    def touch(kind: str, *heights: float) -> None:
        points = [{"x": 180, "y": height} for height in heights]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", begin)
    for step in range(1, 11):
        touch("touchMove", begin + (end - begin) * step / 10)
    touch("touchEnd")
    session.detach()
