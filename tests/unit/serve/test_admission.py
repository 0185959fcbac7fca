"""Invitations, places and cookies, by a clock that the tests move."""

import pytest

from userdesk.serve.admission import Admission, Entry, Refusal


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def entered(admission: Admission) -> Entry:
    entry = admission.admit(admission.token)
    assert isinstance(entry, Entry)
    return entry


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def admission(clock: Clock) -> Admission:
    return Admission(2, clock)


def test_everybody_gets_a_place_and_a_cookie_of_their_own(admission: Admission) -> None:
    one, other = entered(admission), entered(admission)
    assert (one.place, other.place, admission.free) == (1, 2, 0)
    assert admission.place_of(one.cookie) == 1
    assert admission.place_of(other.cookie) == 2
    assert len({one.cookie, other.cookie, admission.token}) == 3


@pytest.mark.parametrize("wrong", ["", "x", "\ud800", "\0", "x" * 100_000])
def test_wrong_invitation_is_refused(admission: Admission, wrong: str) -> None:
    assert admission.admit(wrong) is Refusal.WRONG
    assert admission.admit(admission.token[:-1]) is Refusal.WRONG
    assert admission.place_of(wrong) is None
    assert admission.uses == 2


def test_invitation_is_good_for_as_many_as_there_were_places(admission: Admission) -> None:
    token = admission.token
    for _ in range(2):
        entered(admission)
    assert admission.admit(token) is Refusal.FULL
    assert admission.token == token  # nobody could come in by another one


def test_used_up_invitation_is_followed_by_another_when_a_place_is_free(admission: Admission) -> None:
    told = []
    admission.on_invitation = lambda: told.append((admission.token, admission.uses))
    first, token = entered(admission), admission.token
    entered(admission)
    assert not told
    admission.release(first.place, "left")
    assert told == [(admission.token, 1)]
    assert admission.token != token
    assert admission.admit(token) is Refusal.USED
    assert entered(admission).place == 1


def test_place_that_is_free_before_the_invitation_is_used_up_is_for_the_next_one(
    admission: Admission,
) -> None:
    token = admission.token
    admission.release(entered(admission).place, "left")
    assert (admission.token, admission.uses) == (token, 1)
    entered(admission)
    assert admission.token != token
    assert admission.uses == 1


def test_place_where_nobody_ever_sat_leaves_the_invitation_as_it_was(admission: Admission) -> None:
    token = admission.token
    for _ in range(5):
        admission.release(entered(admission).place, "unseen", unused=True)
    entered(admission)
    preview = entered(admission)
    admission.release(preview.place, "unseen", unused=True)
    assert (admission.token, admission.uses) == (token, 1)


def test_cookie_of_a_place_given_up_is_nobodys_and_why_is_known(admission: Admission) -> None:
    entry = entered(admission)
    admission.release(entry.place, "away")
    entered(admission)
    assert admission.place_of(entry.cookie) is None
    assert admission.gone(entry.cookie) == "away"
    assert admission.gone("never given") == ""


def test_many_wrong_ones_are_cut_short_and_keep_nobody_out(admission: Admission, clock: Clock) -> None:
    tries = [admission.admit("wrong") for _ in range(200)]
    assert tries.count(Refusal.WRONG) == 60
    assert tries[-1] is Refusal.BUSY
    entered(admission)
    clock.now += 60
    assert admission.admit("wrong") is Refusal.WRONG


def test_places_that_are_taken_and_left_again_and_again_are_limited(
    admission: Admission, clock: Clock
) -> None:
    for _ in range(32):
        admission.release(entered(admission).place, "unseen", unused=True)
    assert admission.admit(admission.token) is Refusal.BUSY
    clock.now += 10
    entered(admission)


def test_no_secret_is_kept_where_a_memory_could_be_read_by_its_name(admission: Admission) -> None:
    entry = entered(admission)
    assert entry.cookie not in repr(vars(admission))
