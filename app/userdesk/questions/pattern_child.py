"""The process that tries patterns: run as a script by pattern_matcher.py, importing nothing of ours.

One JSON object a line on standard input: `patterns`, and the `text` that they are searched in, or null where
they are only compiled. One line for each pattern on standard output: a list of where the first match begins
and ends, or null, and of what is wrong with the pattern, in our own words. A pattern that uses up its
processor time ends the process; so does the end of standard input, and with it the end of the program.
"""

import contextlib
import json
import re
import signal
import sys
import warnings

_MEMORY = 1 << 30  # bytes
# The messages of Python's `re`, some of which quote what stands there: each by its beginning.
_WORDS: tuple[tuple[str | tuple[str, ...], str], ...] = (
    ("missing ), unterminated", 'a ")" is missing'),
    ("missing ", "part of it is missing"),
    ("unbalanced parenthesis", 'a ")" without its "("'),
    ("unterminated character set", 'a "]" is missing'),
    ("nothing to repeat", "there is nothing to repeat"),
    ("multiple repeat", "a repetition of a repetition"),
    ("min repeat greater", "a repetition whose minimum is above its maximum"),
    ("the repetition number", "too large a repetition"),
    ("bad escape (end", "a backslash with nothing after it"),
    ("bad escape", "a backslash before a letter without a special meaning (\\\\ is a backslash itself)"),
    ("incomplete escape", "an incomplete character code"),
    ("octal escape", "too large a character code"),
    ("undefined character name", "an unknown Unicode character name"),
    ("bad character range", "a range that ends before it begins"),
    ("bad character in group name", "an invalid group name"),
    ("unknown extension", '"(?" followed by something unknown'),
    ("unexpected end", "it ends too early"),
    (("unknown flag", "cannot use LOCALE"), "an unknown flag"),
    ("bad inline flags", "flags that cannot be combined, or not here"),
    ("global flags not at", "a global flag, which must come first"),
    ("ASCII and UNICODE", "flags that cannot be combined"),
    ("look-behind requires", "a look-behind must have a fixed length"),
    (("invalid group reference", "unknown group name"), "an unknown group"),
    ("redefinition of group", "two groups with the same name"),
    ("cannot refer to an open group", "a group that refers to itself"),
    ("cannot refer to group defined", "a group defined in a look-behind"),
    ("Exceeds the limit", "a number with too many digits"),
)


def main(seconds: float) -> None:
    """Serve until standard input ends; `seconds` of processor time is what one pattern may take."""
    warnings.simplefilter("ignore")  # of what a later Python may read otherwise: standard error is not read
    _limit_memory()
    compiled: dict[str, re.Pattern[str]] = {}
    for line in sys.stdin.buffer:
        request = json.loads(line)
        for pattern in request["patterns"]:
            _set_alarm(seconds)
            answer = _tried(pattern, request["text"], compiled)
            _set_alarm(0.0)
            print(json.dumps(answer), flush=True)


def _tried(pattern: str, text: str | None, compiled: dict[str, re.Pattern[str]]) -> tuple[object, str]:
    try:
        if pattern not in compiled:
            compiled[pattern] = re.compile(pattern)
        found = None if text is None else compiled[pattern].search(text)
    except re.error as error:
        place = "" if error.pos is None else f", at character {error.pos + 1}"
        return None, _words_of(error.msg) + place
    except (OverflowError, ValueError) as error:
        return None, _words_of(str(error))
    except RecursionError:
        return None, "it is nested too deeply"
    except MemoryError:
        return None, "it takes too much memory"
    return found and found.span(), ""


def _words_of(message: str) -> str:
    return next((ours for theirs, ours in _WORDS if message.startswith(theirs)), "it is not well-formed")


def _set_alarm(seconds: float) -> None:
    """End this process after so much processor time: no search can go on through that, as it could through an
    exception, and no other load on the machine counts. 0 takes it back.
    """
    if hasattr(signal, "setitimer"):  # Windows has none; there the one who asks has a limit of its own
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # not on every platform
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        limit = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


if __name__ == "__main__":
    main(float(sys.argv[1]))
