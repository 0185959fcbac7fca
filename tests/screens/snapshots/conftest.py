"""Stages for snapshots: without saved conversations, with a short one, with a shelf of them."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # stage.py, shelf.py

from shelf import SHORT, put_on_disk
from stage import Stage, standing_still

from demo_server import DemoServer


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Stage]:
    """A first start: nothing is saved."""
    with standing_still() as patch, DemoServer() as server:
        yield Stage(tmp_path, server, patch)


@pytest.fixture
def short(bare: Stage) -> Stage:
    """One saved conversation of two messages and a welcome."""
    put_on_disk(bare.data_dir, bare.server.store.create, SHORT)
    return bare


@pytest.fixture
def shelf(bare: Stage) -> Stage:
    """A shelf of saved conversations."""
    put_on_disk(bare.data_dir, bare.server.store.create)
    return bare
