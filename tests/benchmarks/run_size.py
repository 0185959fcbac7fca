"""How much a run of the benchmarks measures: all of it several times, or the most telling part once."""

import os

QUICK_VARIABLE = "USERDESK_BENCH_QUICK"
QUICK_FILES = ("test_startup_speed.py", "test_streaming_speed.py", "test_markdown_growth.py")
"""What a quick run measures, but for LONG."""
LONG = ("test_turns",)


def is_quick() -> bool:
    """Whether `--quick` was given."""
    return QUICK_VARIABLE in os.environ


def rounds(whole: int) -> int:
    """How often something is measured, where a whole run does it so often."""
    return 1 if is_quick() else whole
