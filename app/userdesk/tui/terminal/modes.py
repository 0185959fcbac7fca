"""What the program asks of the terminal while it has it, and how that is taken back."""

ENTER = (
    "\x1b[?1049h"  # the alternate screen
    "\x1b[?25l"  # no cursor
    "\x1b[?7l"  # no wrapping at the right edge
    "\x1b[?1004h"  # tell when the window gets and loses the focus
    "\x1b[?2004h"  # bracket pastes
    # Of kitty's protocol: no ambiguous escape codes (1), the key that stands there on a Latin layout (4), all
    # keys as escape codes (8) and the text that they make (16).
    f"\x1b[>{1 | 4 | 8 | 16}u"
    # Buttons, motion while one is held (nothing happens under a mouse that only passes), far coordinates.
    "\x1b[?1000h\x1b[?1002h\x1b[?1006h"
)
MOUSE_OFF = "\x1b[?1006l\x1b[?1002l\x1b[?1000l"
LEAVE = f"{MOUSE_OFF}\x1b[<u\x1b[?2004l\x1b[?7h\x1b[?1004l\x1b[?1049l\x1b[?25h"

SYNCHRONIZED_OUTPUT = 2026
ALT_SENDS_ESCAPE = (1036, 1039)
"""xterm's modes for Meta and Alt: without them Alt+D is `ä`."""
JOINED_CLUSTERS = 2027
"""The mode in which the terminal takes an emoji sequence for one character of two cells."""
ASK = "".join(f"\x1b[?{mode}$p" for mode in (SYNCHRONIZED_OUTPUT, *ALT_SENDS_ESCAPE, JOINED_CLUSTERS))
ASK_SYNCHRONIZED = f"\x1b[?{SYNCHRONIZED_OUTPUT}$p"
"""Asked behind a frame: its answer says that the terminal has taken the frame."""
CANCEL = "\x18"
"""Ends a sequence that was cut off in the middle."""
