"""The one reader of what a terminal sends: text, keys, mouse reports, pastes, and words of its own.

Any bytes, cut anywhere, with any pauses. No thread, no input or output and no clock: the times are told.
docs/decisions/terminal-input.md says what waits how long, and why.
"""

from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable

from textual import constants, events
from textual.message import Message

from userdesk.domain.safe_text import REPLACEMENT
from userdesk.tui.terminal import sequences
from userdesk.tui.terminal.key_sequences import (
    ESCAPE,
    Press,
    control_sequence_keys,
    press_of,
    ss3_keys,
    with_alt,
)
from userdesk.tui.terminal.reports import Reports

PATIENCE = 5.0
"""Seconds of silence after which one key by itself is taken for a hand's, not for the rest of a sequence."""

PASTE_PATIENCE = 10.0
"""The same, in a paste whose end did not come."""

CHARACTER_PATIENCE = 2.0
"""Seconds that half a character waits for its other half."""

_C1 = range(0x80, 0xA0)  # controls that no key sends
_ALONE = (b"\x1b", b"\x1b\x1b")
"""What a pause makes the Escape key, once or twice."""


class InputParser:
    """Bytes → the framework's messages.

    `escape_delay` is how long a lone ESC waits before it is the Escape key (s).
    """

    def __init__(self, escape_delay: float = constants.ESCAPE_DELAY) -> None:
        self._escape_delay = escape_delay
        self._mode: Callable[[bytes, int], int] = self._ground
        """Takes some of the bytes from a position on; the position behind them."""
        self._held = b""
        """Read, and not whole yet."""
        self.deadline: float | None = None
        """When `tick` is next worth calling (monotonic, s); None where nothing waits for a time."""
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._paste: list[bytes] = []
        self._reports = Reports()
        self._messages: list[Message] = []
        self._now = 0.0
        self._heard = 0.0
        """When the last bytes came."""
        self._tail_until = 0.0
        """Until when the rest of a sequence may follow an ESC that was taken for the key; 0: none may."""
        self._all_keys_reported = False
        """Whether the terminal says every key as a sequence: a lone ESC is then the beginning of one."""

    def feed(self, data: bytes, now: float) -> Iterable[Message]:
        """The messages that these bytes complete."""
        if not data:
            return ()
        self._messages = []
        self._now = now
        if self._is_by_hand(data):
            self._give_up()
        self._heard = now
        self.deadline = None
        if self._tail_until:
            data = self._look_for_tail(data)
        elif self._held:
            data, self._held = self._held + data, b""
        at, end = 0, len(data)
        while at < end:
            at = self._mode(data, at)
        if self._decoder.getstate()[0]:
            self.deadline = now + CHARACTER_PATIENCE
        return self._messages

    def tick(self, now: float) -> Iterable[Message]:
        """The messages that a pause completes: a lone ESC is the Escape key."""
        if self.deadline is None or now < self.deadline:
            return ()
        self._messages = []
        self._now = now
        self._tail_until = now + sequences.TAIL_WITHIN if self._held in _ALONE else 0.0
        self._give_up()
        return self._messages

    def close(self) -> Iterable[Message]:
        """The end of input: what is held comes out, as far as it is text or a key."""
        self._messages = []
        self._give_up()
        return self._messages

    # what waits

    def _is_by_hand(self, data: bytes) -> bool:
        """Whether these bytes are a key that a hand pressed while we waited for the rest of something."""
        silence = self._now - self._heard
        if self._held in _ALONE and self._mode != self._in_paste:
            # The end of a string that was cut, or a key: a slow line brings a cut sequence later than a tick.
            expects = b"\\" if self._mode == self._in_string else sequences.INTRODUCERS + sequences.ESC
            patience = PATIENCE if self._all_keys_reported else self._escape_delay
            return silence >= patience and data[0] not in expects and sequences.is_one_key(data)
        if self._mode == self._in_paste:
            ends = bool(self._held) and sequences.PASTE_ENDS.startswith(self._held + data)
            return silence > PASTE_PATIENCE and not ends and sequences.is_one_key(data)
        waits = self._mode != self._ground or self._held.startswith(sequences.ESC)
        return waits and silence > PATIENCE and sequences.is_one_key(data)

    def _wait(self, data: bytes, seconds: float | None = None) -> int:
        """Hold the rest of what was read, which is not whole; the position behind it."""
        self._held = data
        self.deadline = None if seconds is None else self._now + seconds
        return 1 << 62

    def _give_up(self) -> None:
        """What is held will never be whole. It comes out where it is text or a key."""
        held, self._held = self._held, b""
        mode, self._mode = self._mode, self._ground
        self.deadline = None
        if mode == self._in_paste:
            self._end_paste(held)
        elif held in _ALONE:
            self._press(*(ESCAPE for _ in held))
        elif held.startswith(sequences.ESC):
            if sequences.HALF_CHARACTER.match(held, 1):
                self._press(ESCAPE)
                self._text(held[1:], final=True)
        else:
            self._text(held, final=True)

    def _look_for_tail(self, data: bytes) -> bytes:
        """What was read soon after a lone ESC: its rest, with the ESC again, or what was typed."""
        in_one_piece = not self._held
        is_late = in_one_piece and self._now > self._tail_until
        data, self._held = self._held + data, b""
        verdict = sequences.Tail.TYPED if is_late else sequences.judge(data, in_one_piece=in_one_piece)
        if verdict is sequences.Tail.MAYBE:
            self._wait(data, sequences.HELD_FOR)
            return b""
        self._tail_until = 0.0
        return sequences.ESC + data if verdict is sequences.Tail.REST else data

    # text

    def _ground(self, data: bytes, at: int) -> int:
        escape = data.find(sequences.ESC, at)
        if escape < 0:
            self._text(data[at:], final=False)
            return len(data)
        self._text(data[at:escape], final=True)
        return self._escape(data, escape)

    def _text(self, data: bytes, *, final: bool) -> None:
        for character in self._decoder.decode(data, final):
            if ord(character) not in _C1:
                self._press(press_of(character))
                if character >= " ":
                    self._all_keys_reported = False

    def _press(self, *presses: Press) -> None:
        for press in presses:
            self._add(events.Key(press.key, press.character))

    def _add(self, message: Message) -> None:
        message.time = self._now
        self._messages.append(message)

    # sequences

    def _escape(self, data: bytes, at: int) -> int:
        """An ESC and what is behind it; a second ESC before a key is Alt, as rxvt and PuTTY send it."""
        start = at + 1 if data.startswith(b"\x1b\x1b", at) else at
        after = data[start + 1 : start + 2]
        if not after:
            return self._wait(data[at:], PATIENCE if self._all_keys_reported else self._escape_delay)
        if after == sequences.ESC:
            self._press(ESCAPE)
            return at + 1
        if after == b"[":
            return self._control(data, start, alt=start > at)
        if after == b"O":
            return self._ss3(data, start, alt=start > at)
        if start > at:
            self._press(ESCAPE)
        return self._string(data, start) if after in sequences.INTRODUCERS else self._alt(data, start)

    def _alt(self, data: bytes, at: int) -> int:
        """ESC before a character: the character with Alt."""
        if sequences.HALF_CHARACTER.match(data, at + 1):
            return self._wait(data[at:], CHARACTER_PATIENCE)
        match = sequences.CHARACTER.match(data, at + 1)
        assert match  # any byte is one
        character = match[0].decode(errors="replace")
        if REPLACEMENT in character:  # no key with Alt sends what is no text
            self._press(ESCAPE)
            self._text(match[0], final=True)
        elif ord(character) not in _C1:
            self._press(*with_alt(press_of(character)))
        return match.end()

    def _keys(self, presses: Iterable[Press], *, alt: bool) -> None:
        self._press(*((each for press in presses for each in with_alt(press)) if alt else presses))

    def _control(self, data: bytes, at: int, *, alt: bool) -> int:
        if match := sequences.CONTROL.match(data, at):
            self._take_control(match[1], alt=alt)
            return match.end()
        if sequences.CONTROL_BEGINNING.match(data, at):
            if len(data) - at <= sequences.LONGEST:
                return self._wait(data[at - alt :])
            self._mode = self._overlong
        if alt:
            self._press(ESCAPE)
        # What cannot be in a control sequence ends it, and is a key that was pressed meanwhile.
        match = sequences.CONTROL_BODY.match(data, at)
        assert match
        return match.end()

    def _overlong(self, data: bytes, at: int) -> int:
        match = sequences.OVERLONG.match(data, at)
        assert match
        if match.end() < len(data) or (match[0] and match[0][-1] >= 0x40):
            self._mode = self._ground
        return match.end()

    def _take_control(self, sequence: bytes, *, alt: bool) -> None:
        """A whole control sequence, without its CSI: a paste's begin, a key, a report, or nothing we know."""
        body, final = sequence[:-1].decode("latin-1"), chr(sequence[-1])
        presses = control_sequence_keys(body, final)
        if presses is not None:
            if final == "u" and (body == "27" or body.count(";") == 2):
                self._all_keys_reported = True
            self._keys(presses, alt=alt)
            return
        if alt:
            self._press(ESCAPE)
        if sequence == sequences.PASTE_BEGINS:
            self._mode = self._in_paste
        elif report := self._reports.read(sequence):
            self._add(report)

    def _ss3(self, data: bytes, at: int, *, alt: bool) -> int:
        if match := sequences.SS3.match(data, at):
            self._keys(ss3_keys(match[1].decode(), match[2].decode()) or (), alt=alt)
            return match.end()
        if sequences.SS3_BEGINNING.match(data, at):
            return self._wait(data[at - alt :])
        if alt:
            self._press(ESCAPE)
        self._press(Press("alt+shift+o", None))
        return at + 2

    # strings

    def _string(self, data: bytes, at: int) -> int:
        """OSC, DCS and their like: replies, which are left out; or a key with Alt and what follows it."""
        if match := sequences.WHOLE_STRING.match(data, at):
            return match.end()
        if sequences.REPLY_BEGINNING.match(data, at):
            return self._wait(data[at:])
        body = data[at + 2 : at + 4]
        if sequences.REPLY.match(data, at) or (len(body) > 1 and not sequences.END_OF_STRING.match(body)):
            self._mode = self._in_string
            return at + 2
        return self._alt(data, at)

    def _in_string(self, data: bytes, at: int) -> int:
        match = sequences.END_OF_STRING.search(data, at)
        if match is None:
            return len(data)
        end = match.start()
        if match[0] == sequences.ESC and end == len(data) - 1:
            return self._wait(sequences.ESC)
        self._mode = self._ground
        if match[0] == b"\x07":
            return end + 1
        return end + 2 if data.startswith(b"\x1b\\", end) else end

    # pastes

    def _in_paste(self, data: bytes, at: int) -> int:
        """Nothing but its end marker counts in a paste."""
        end = data.find(sequences.PASTE_ENDS, at)
        if end >= 0:
            self._mode = self._ground
            self._end_paste(data[at:end])
            return end + len(sequences.PASTE_ENDS)
        marker = sequences.PASTE_ENDS
        cut = next((n for n in range(len(marker) - 1, 0, -1) if data.endswith(marker[:n], at)), 0)
        self._paste.append(data[at : len(data) - cut])
        return self._wait(data[len(data) - cut :])

    def _end_paste(self, last: bytes) -> None:
        text = b"".join([*self._paste, last]).decode(errors="replace").replace("\0", "")
        self._paste.clear()
        if text:
            self._add(events.Paste(text))
