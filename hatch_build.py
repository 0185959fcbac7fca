"""Makes the links of the README absolute in the long description of the package, as PyPI shows it."""

import re
from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class LongDescription(MetadataHookInterface):
    """Fills in `readme` from README.md and the Source address of `[project.urls]`."""

    def update(self, metadata: dict[str, object]) -> None:
        """Add the long description to the project's metadata."""
        source = metadata["urls"]["Source"]  # type: ignore[index]
        raw = source.replace("https://github.com/", "https://raw.githubusercontent.com/") + "/main/"
        text = Path(self.root, "README.md").read_text("utf-8")
        text = re.sub(r"(!\[[^]]*\]\()(?!https?://)", rf"\1{raw}", text)
        text = re.sub(r"(?<!!)(\[[^]]*\]\()(?!https?://)", rf"\1{source}/blob/main/", text)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
