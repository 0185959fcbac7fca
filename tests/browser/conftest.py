"""A browser, and a host to visit with it."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from browsing import Tab
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from serving import Serving

from command_runs import login_environment

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = ["--no-sandbox"]  # which Chromium wants of root

Launch = Callable[..., Browser]
OpenTab = Callable[[BrowserContext], Tab]


@pytest.fixture(scope="module")
def launch() -> Iterator[Launch]:
    """Starts this machine's browser, without a window and with further arguments; the tests bring none.

    For a module, not a session: as long as its driver runs, no test of this process can have an event loop.
    """
    if sys.platform == "win32":
        pytest.skip("userdesk serve needs a pseudo-terminal")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is installed")
    with sync_playwright() as playwright:

        def begin(*arguments: str) -> Browser:
            return playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *arguments])

        yield begin


@pytest.fixture(scope="module")
def browser(launch: Launch) -> Iterator[Browser]:
    """A browser for all tests of a module; each has its own cookies in it."""
    with launch() as browser:
        yield browser


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A host of the demo chatbot, for all tests of a module."""
    home = tmp_path_factory.mktemp("host")
    with Serving(login_environment(home, home / "data"), "--demo", "--visitors", "40") as serving:
        yield serving


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own: cookies, clipboard's permissions."""
    context = browser.new_context(viewport={"width": 1000, "height": 660})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context
    context.close()


@pytest.fixture
def open_tab() -> Iterator[OpenTab]:
    """Opens tabs, of which none may have complained in the end."""
    tabs: list[Tab] = []

    def begin(context: BrowserContext) -> Tab:
        tabs.append(Tab(context))
        return tabs[-1]

    yield begin
    assert [each.complaints for each in tabs if each.complaints] == []


@pytest.fixture
def tab(context: BrowserContext, open_tab: OpenTab, serving: Serving) -> Tab:
    """A visitor of the demo chatbot who sees it."""
    tab = open_tab(context)
    assert tab.open(serving.invitation()) == 200
    tab.sees("Message")
    return tab


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers take their time: what is here belongs to `make torture`."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.torture)
