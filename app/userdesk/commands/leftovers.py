"""Removes what a data folder keeps beside its conversations: earlier prompts, marks, copies set aside."""

from pathlib import Path

# What this program names so (README, Files); anything else in these folders is somebody else's.
_OURS = (
    "conversations.toml.*",
    "read.json*",
    "history.jsonl*",
    "transcripts/*.jsonl*",
    "transcripts/*.answer*",
    "transcripts/*.owner",
    "drafts/*.txt",
    "trash/*.jsonl*",
    "demo/*.jsonl",
)


def remove_leftovers(data_dir: Path) -> None:
    """Remove them for good, once the store lists no conversation any more. Raises OSError."""
    for pattern in _OURS:
        for path in sorted(data_dir.glob(pattern)):
            if path.is_symlink() or path.is_file():
                path.unlink(missing_ok=True)
