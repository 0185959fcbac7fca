"""The file of a segment that is being made, until the index has it."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Self

from userdesk.files.private_files import open_new, write_existing
from userdesk.store.search.catalog import NEW
from userdesk.store.search.segment import ENDING


class FreshSegment:
    """Is there, empty, before anything is read for it, so that removing for good can tell whoever makes it.

    What removes conversations for good removes every such file (`catalog.remove_unfinished`), once their
    transcripts are gone. Words that were read before that get no name on the disk any more, then.
    """

    def __init__(self, folder: Path) -> None:
        """Raises OSError."""
        self._name = os.urandom(8).hex()
        self._path = folder / f"{self._name}{NEW}"
        os.close(open_new(self._path))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Go without it, unless it was published. Raises OSError."""
        self._path.unlink(missing_ok=True)

    def write(self, data: bytes) -> None:
        """Write all of it, if the file is still there. Blocks; raises OSError."""
        with suppress(FileNotFoundError):
            write_existing(self._path, data)

    def publish(self) -> None:
        """Have the index have it, if it is still there. Under the data folder's lock; raises OSError."""
        with suppress(FileNotFoundError):
            self._path.replace(self._path.with_name(f"{self._name}{ENDING}"))
