"""Measured amounts, by a clock that the tests move."""

from userdesk.serve.limits import Bucket, a_minute


def test_bucket_gives_a_burst_and_then_its_rate() -> None:
    now = [0.0]
    bucket = Bucket(10, 100, lambda: now[0])
    assert bucket.take(100)
    assert not bucket.take()
    assert bucket.wait(5) == 0.5
    now[0] += 0.5
    assert bucket.take(5)
    assert not bucket.take()
    now[0] += 1_000_000
    assert not bucket.take(101)
    assert bucket.take(100)


def test_debt_is_paid_by_waiting() -> None:
    now = [0.0]
    bucket = Bucket(10, 100, lambda: now[0])
    assert bucket.owe(100) == 0
    assert bucket.owe(5) == 0.5
    assert bucket.owe(5) == 1
    now[0] += 1
    assert bucket.owe(0) == 0


def test_clock_that_goes_back_gives_nothing_and_takes_little() -> None:
    now = [100.0]
    bucket = a_minute(60, lambda: now[0])
    now[0] -= 10
    bucket.take()
    now[0] += 20
    assert bucket.take(60)
