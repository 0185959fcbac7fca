"""The examples of CommonMark and of GitHub's extensions, read as markdown-it reads them.

Both come along with the source archive of markdown-it-py, which `make` downloads.
"""

import json
import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt

from conformance.figures import Figure
from conformance.normal_form import COMMONMARK, GFM, read_alike

EXTENSIONS = {
    "tables": "Tables",
    "strikethrough": "Strikethrough",
    "tasklists": "Task lists",
    "linkify": "Bare addresses",
}
"""Files of examples, and their sections."""


def archived(name: str) -> str:
    """The text of a file in the source archive, nothing where the archive is not there."""
    for archive in sorted(Path(sys.prefix, "spec").glob("markdown_it_py-*.tar.gz")):
        with tarfile.open(archive) as files:
            for member in files.getmembers():
                if member.name.endswith(f"/{name}") and (file := files.extractfile(member)):
                    return file.read().decode()
    return ""


def commonmark() -> Iterator[tuple[str, str, str]]:
    """(section, name, text) of every example of CommonMark."""
    examples = archived("commonmark.json")
    if not examples:
        sys.exit("The examples are not there: make could not download the source archive of markdown-it-py.")
    for example in json.loads(examples):
        yield f"CommonMark: {example['section']}", str(example["example"]), example["markdown"]


def extensions() -> Iterator[tuple[str, str, str]]:
    """(section, name, text) of every example of an extension."""
    for file, section in EXTENSIONS.items():
        lines = archived(f"fixtures/{file}.md").split("\n")
        dots = [number for number, line in enumerate(lines) if line.strip() == "."]
        for begin, middle, _end in zip(dots[::3], dots[1::3], dots[2::3], strict=True):
            yield f"GFM: {section}", f"line {begin + 1}", "\n".join(lines[begin + 1 : middle]) + "\n"


def figures() -> Iterator[Figure]:
    """A figure for every section, and one for all of CommonMark."""
    whole = Figure("CommonMark", 0, 0)
    for reference, examples in ((COMMONMARK, commonmark()), (GFM, extensions())):
        for figure in _sections(reference, examples):
            if reference is COMMONMARK:
                whole = Figure(
                    whole.section,
                    whole.alike + figure.alike,
                    whole.total + figure.total,
                    whole.on_purpose + figure.on_purpose,
                )
            yield figure
    yield whole


def _sections(reference: MarkdownIt, examples: Iterator[tuple[str, str, str]]) -> Iterator[Figure]:
    sections: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for section, name, text in examples:
        sections[section].append((name, text))
    for section, texts in sections.items():
        yield read_alike(section, texts, reference)
