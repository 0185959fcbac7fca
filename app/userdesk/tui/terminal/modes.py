"""What the program asks of the terminal while it has it, and how that is taken back."""

ENTER = (
    "\x1b[?1049h"  # the alternate screen
    "\x1b[?25l"  # no cursor
    "\x1b[?7l"  # no wrapping at the right edge
    "\x1b[?1004h"  # tell when the window gets and loses the focus
    "\x1b[?2004h"  # bracket pastes
)
LEAVE = "\x1b[?2004l\x1b[?7h\x1b[?1004l\x1b[?1049l\x1b[?25h"
# Buttons, motion while one is held (nothing happens under a mouse that only passes), coordinates of any size.
MOUSE_ON = "\x1b[?1000h\x1b[?1002h\x1b[?1006h"
MOUSE_OFF = "\x1b[?1006l\x1b[?1002l\x1b[?1000l"

# Of kitty's protocol: no ambiguous escape codes (1), the key that stands there on a Latin layout (4), all
# keys as escape codes (8) and the text that they make (16).
KEYBOARD_ON = f"\x1b[>{1 | 4 | 8 | 16}u"
KEYBOARD_OFF = "\x1b[<u"

ASK_SYNCHRONIZED_OUTPUT = "\x1b[?2026$p"
ALT_SENDS_ESCAPE = (1036, 1039)
"""xterm's modes for Meta and Alt: without them Alt+D is `ä`."""
ASK_ALT = "".join(f"\x1b[?{mode}$p" for mode in ALT_SENDS_ESCAPE)
JOINED_CLUSTERS = 2027
"""The mode in which the terminal takes an emoji sequence for one character of two cells."""
ASK_JOINED_CLUSTERS = f"\x1b[?{JOINED_CLUSTERS}$p"
CANCEL = "\x18"
"""Ends a sequence that was cut off in the middle."""
