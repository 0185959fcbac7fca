"""Little reads are spaced, others are not."""

from time import monotonic

from userdesk.api.read_pace import AT_ONCE, LITTLE, READS, ReadPace


async def test_the_first_reads_and_large_ones_never_wait() -> None:
    pace = ReadPace()
    begun = monotonic()
    for _ in range(AT_ONCE - 1):
        await pace.wait()
        pace.read(1)
    for _ in range(1_000):
        await pace.wait()
        pace.read(LITTLE)
    assert monotonic() - begun < 0.5


async def test_what_trickles_in_is_read_so_often_at_most() -> None:
    pace = ReadPace()
    begun = monotonic()
    count = AT_ONCE + 24
    for _ in range(count):
        await pace.wait()
        pace.read(1)
    assert monotonic() - begun >= (count - AT_ONCE - 1) / READS
