"""Takes a picture of `userdesk serve`: a visitor's browser on a laptop, and another's on a telephone.

It needs Chromium and ImageMagick; where one of them is missing the picture stays as it is.
"""

import base64
import json
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

# The stage of the browser's and the snapshots' tests.
TESTS = Path(__file__).resolve().parents[1] / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "browser"), str(TESTS / "screens" / "snapshots")]

from browsing import Tab
from playwright.sync_api import sync_playwright
from serving import Serving
from shelf import PASSWORD

from command_runs import chatbot_of, login_environment
from demo_server import DemoServer
from program_driver import WELCOME

PICTURE = Path(__file__).resolve().parent / "browser.png"
BROWSERS = ("chromium", "google-chrome")
QUESTIONS = ("How do I reset my password?", "Can I change my plan in the middle of a month?")
PLANS = """\
You can **change your plan at any time**; what is left of a month is credited to the day.

| Plan     | Price |
|:---------|------:|
| Free     |   0 € |
| Team     |  29 € |
| Business | 119 € |

Open **Settings → Plan** ✅ and choose.
"""
FRAMES = """
<style>
  body { margin: 0; width: 1240px; height: 780px; position: relative; background: #e9ebf1; }
  figure { margin: 0; position: absolute; overflow: hidden; border: 1px solid #2c2e33; background: #121316; }
  .laptop { left: 20px; top: 20px; border-radius: 10px; }
  .laptop div { height: 34px; background: #2c2e33; color: #9b9fab; font: 14px/34px sans-serif; }
  .laptop i { display: inline-block; width: 11px; height: 11px; border-radius: 50%%; margin: 0 0 -1px 11px;
              background: #5b5e66; }
  .laptop span { margin-left: 30px; }
  .telephone { right: 20px; bottom: 20px; border-width: 9px; border-color: #2c2e33; border-radius: 34px;
               box-shadow: 0 0 0 7px #e9ebf1; }
  img { display: block; }
</style>
<figure class="laptop"><div><i></i><i></i><i></i><span>chat.acme.example</span></div><img src="%s"></figure>
<figure class="telephone"><img src="%s"></figure>
"""


def photographed(tab: Tab, question: str, last: str) -> str:
    """The page once a question is answered, as an address of the picture."""
    tab.sees("Message")
    tab.send(question)
    tab.sees(last)
    return f"data:image/png;base64,{base64.b64encode(tab.page.screenshot()).decode()}"


def main() -> None:
    """Take it."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not path or not shutil.which("convert"):
        print(f"screenshots/{PICTURE.name} stays as it is: it takes Chromium and ImageMagick's convert")
        return
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        server = stack.enter_context(DemoServer(chatbot_id="acme"))
        for _ in range(3):  # the host tries the key, two visitors come
            created = {"success": True, "conversationId": server.store.create(), "response": WELCOME}
            server.fail_next(200, body=json.dumps(created), on="conversation")
        environment = login_environment(home, home / "data") | chatbot_of(server, name="Acme support")
        serving = stack.enter_context(Serving(environment))
        playwright = stack.enter_context(sync_playwright())
        browser = stack.enter_context(playwright.chromium.launch(executable_path=path, args=["--no-sandbox"]))
        laptop = Tab(browser.new_context(viewport={"width": 960, "height": 705}))
        telephone = Tab(
            browser.new_context(viewport={"width": 320, "height": 640}, is_mobile=True, has_touch=True)
        )
        pictures = []
        for tab, question, answer in zip((laptop, telephone), QUESTIONS, (PASSWORD, PLANS), strict=True):
            tab.open(serving.invitation())
            server.answer_next(answer)
            pictures.append(photographed(tab, question, answer.split()[-1].strip(".").split("]")[0]))
        together = browser.new_page(viewport={"width": 1240, "height": 780})
        together.set_content(FRAMES % tuple(pictures))
        png = together.screenshot()
        reduce = ["convert", "png:-", "+dither", "-colors", "128", "-strip", "PNG8:-"]
        PICTURE.write_bytes(subprocess.run(reduce, input=png, capture_output=True, check=True).stdout)
    print(f"screenshots/{PICTURE.name}, {PICTURE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
