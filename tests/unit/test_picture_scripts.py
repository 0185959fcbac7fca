"""The scripts that take the README's pictures stand on the tests' stage: they must go on finding it."""

import subprocess
import sys
from pathlib import Path

import pytest

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
IMPORT = "import runpy, sys; assert callable(runpy.run_path(sys.argv[1], run_name='imported')['main'])"


@pytest.mark.parametrize("script", sorted(path.name for path in SCREENSHOTS.glob("take*.py")))
def test_script_finds_what_it_imports(script: str) -> None:
    run = [sys.executable, "-c", IMPORT, str(SCREENSHOTS / script)]
    done = subprocess.run(run, cwd=SCREENSHOTS, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
