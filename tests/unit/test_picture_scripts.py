"""The scripts that take the README's pictures stand on the tests' stage: they must go on finding it."""

import subprocess
import sys
from pathlib import Path

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
# A fork each: what one has imported or has put on the path is not there for the next.
IMPORT_EACH = """
import os, runpy, sys
import httpx, starlette, textual.pilot, userdesk.tui.chat.screen, uvicorn  # what most of them want
failed = 0
for script in sys.argv[1:]:
    if not (child := os.fork()):
        assert callable(runpy.run_path(script, run_name="imported")["main"])
        os._exit(0)
    failed |= os.waitpid(child, 0)[1]
sys.exit(bool(failed))
"""


def test_scripts_find_what_they_import() -> None:
    scripts = sorted(str(path) for path in SCREENSHOTS.glob("take*.py"))
    assert scripts
    run = [sys.executable, "-c", IMPORT_EACH, *scripts]
    done = subprocess.run(run, cwd=SCREENSHOTS, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
