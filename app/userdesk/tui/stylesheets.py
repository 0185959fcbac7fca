"""Where the stylesheets are: in the package when installed, at the repository's top in a checkout."""

from pathlib import Path


def stylesheets() -> list[Path]:
    """Every .tcss file, in the order of their names."""
    here = Path(__file__).resolve().parent
    candidates = (here.parent / "styles", here.parents[2] / "styles")
    folder = next((path for path in candidates if path.is_dir()), candidates[0])
    return sorted(folder.glob("*.tcss"))
