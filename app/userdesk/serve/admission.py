"""Who may come in: invitations that are good for so many browsers, and the cookies of those who came.

An invitation is good for as many browsers as there were places free when it was made. When it is used up
and a place is free, a new one is made: whoever kept the old address stays outside.
"""

import hmac
import secrets
import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from hashlib import sha256
from typing import NamedTuple

from userdesk.serve.limits import ENTRIES_A_MINUTE, WRONG_A_MINUTE, Bucket, a_minute

REMEMBERED = 100
"""Invitations, and cookies of places given up, of which it is still known what became of them."""


class Refusal(Enum):
    """Why somebody may not come in."""

    WRONG = "wrong"
    """There never was such an invitation."""
    USED = "used"
    """It was good once."""
    FULL = "full"
    """It is the latest, and all places are taken."""
    BUSY = "busy"
    """Too many came within a minute."""


class Entry(NamedTuple):
    """Somebody who may come in."""

    place: int
    """From 1 to the number of places."""
    cookie: str
    """What the browser shows from now on; a secret."""


class Admission:
    """The places, the invitation, and who holds which place.

    Secrets are compared in constant time, or found by their hash, whose letters nobody can choose.
    """

    def __init__(self, places: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.places = places
        self.on_invitation: Callable[[], object] = lambda: None
        """Called when there is a new invitation."""
        self._holders: dict[int, bytes] = {}
        self._by_cookie: dict[bytes, int] = {}
        self._gone: deque[tuple[bytes, str]] = deque(maxlen=REMEMBERED)
        self._old: deque[bytes] = deque(maxlen=REMEMBERED)
        self._entries = Bucket(ENTRIES_A_MINUTE / 60, ENTRIES_A_MINUTE + places, clock)
        self._wrong = a_minute(WRONG_A_MINUTE, clock)
        self.token = secrets.token_urlsafe(16)
        """The invitation; a secret."""
        self.uses = places
        """Browsers that it is still good for."""

    @property
    def free(self) -> int:
        """Places that nobody has."""
        return self.places - len(self._holders)

    def admit(self, token: str) -> Entry | Refusal:
        """Give a place to whoever shows the invitation, or say why not."""
        if not _same(token, self.token):
            was_good = any([_same_bytes(_hash(token), old) for old in self._old])
            # A right one is never refused for the wrong ones of others.
            if not self._wrong.take():
                return Refusal.BUSY
            return Refusal.USED if was_good else Refusal.WRONG
        if not self.uses or not self.free:
            return Refusal.FULL
        if not self._entries.take():
            return Refusal.BUSY
        self.uses -= 1
        place = next(number for number in range(1, self.places + 1) if number not in self._holders)
        cookie = secrets.token_urlsafe(32)
        self._holders[place] = _hash(cookie)
        self._by_cookie[_hash(cookie)] = place
        self._invite_anew()
        return Entry(place, cookie)

    def place_of(self, cookie: str) -> int | None:
        """The place of whoever shows a cookie."""
        return self._by_cookie.get(_hash(cookie))

    def gone(self, cookie: str) -> str:
        """Why the place of a cookie was given up, in the word that `release` was given; or nothing."""
        hashed = _hash(cookie)
        return next((reason for each, reason in self._gone if each == hashed), "")

    def release(self, place: int, reason: str, *, unused: bool = False) -> None:
        """Give a place up; `unused`: nobody ever sat there, and the invitation is good for one more."""
        hashed = self._holders.pop(place)
        del self._by_cookie[hashed]
        self._gone.append((hashed, reason))
        if unused and self.uses < self.free:
            self.uses += 1
            self.on_invitation()
        self._invite_anew()

    def _invite_anew(self) -> None:
        if self.uses or not self.free:
            return
        self._old.append(_hash(self.token))
        self.token, self.uses = secrets.token_urlsafe(16), self.free
        self.on_invitation()


def _same(one: str, other: str) -> bool:
    return _same_bytes(one.encode("utf-8", "replace"), other.encode())


def _same_bytes(one: bytes, other: bytes) -> bool:
    return hmac.compare_digest(one, other)


def _hash(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "replace")).digest()
