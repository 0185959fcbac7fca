"""No step of the event loop takes long, whatever the folder holds: keys would wait for it.

The bounds are generous, and of processor time, which no other process on the machine adds to: `make torture`
has those that are promised, `make bench` the figures.
"""

from pathlib import Path

from saved_conversations import save_titles
from step_walk import walking

LONGEST = 0.080  # s; a step that looks at all of twenty thousand conversations takes longer


async def test_nothing_done_in_the_sidebar_looks_at_all_conversations(data_dir: Path) -> None:
    subjects = ("a refund", "a chair", "two lamps")
    save_titles(data_dir, (f"About {subjects[number % 3]}, {number}" for number in range(20_000)))
    async with walking(data_dir) as (walk, _):
        walk.longest.clear()  # a start has a test of its own
        await walk.attach("c9")
        await walk.in_sidebar()
        await walk.elsewhere(data_dir)
    late = {name: str(step) for name, step in walk.longest.items() if step.seconds > LONGEST}
    assert not late
