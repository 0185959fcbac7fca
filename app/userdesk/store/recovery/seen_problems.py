"""Which damage the user was told of: it stays in its file and is not told again at every start."""

from collections.abc import Iterable
from contextlib import suppress

from userdesk.files.atomic import write_atomically
from userdesk.files.formats import FileFormat
from userdesk.store.folder import DataFolder
from userdesk.store.problems import Problem, StoreError

FORMAT = FileFormat(version=1)


class SeenProblems:
    """Keeps in told.json, by the names of damaged files, the messages that were told of them."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder

    def untold(self, problems: Iterable[Problem], *, at_start: bool = False) -> list[Problem]:
        """Those of some problems that were not told before; from now on they were. Blocks on the disk.

        `at_start` they are all that conversations.toml has: what is not among them was mended since.
        """
        problems = list(problems)
        before = self._read()
        after = {name: set(messages) for name, messages in before.items()}
        if at_start:
            after.pop(self._folder.index.name, None)
        for problem in problems:
            if problem.lasting:
                after.setdefault(problem.path.name, set()).add(problem.message)
        if after != before:
            self._write(after)
        return [
            each
            for each in problems
            if not each.lasting or each.message not in before.get(each.path.name, ())
        ]

    def _read(self) -> dict[str, set[str]]:
        return {
            name: {each for each in messages if isinstance(each, str)}
            for name, messages in FORMAT.read(self._folder.told).items()
            if isinstance(messages, list)
        }

    def _write(self, told: dict[str, set[str]]) -> None:
        data = FORMAT.whole({name: sorted(messages) for name, messages in told.items()})
        with suppress(OSError, StoreError):  # then it is told once more, which is better than never
            self._folder.may_write()
            write_atomically(self._folder.told, data, durable=False)
