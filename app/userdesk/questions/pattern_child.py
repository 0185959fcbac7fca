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
    ("missing ", "a part of it is missing"),
    ("unbalanced parenthesis", 'a ")" without its "("'),
    ("unterminated character set", 'a "]" is missing'),
    ("nothing to repeat", "nothing stands there to be repeated"),
    ("multiple repeat", "a repetition of a repetition"),
    ("min repeat greater", "a repetition of at least more than at most"),
    ("the repetition number", "a repetition of too many"),
    ("bad escape (end", "a backslash with nothing behind it"),
    ("bad escape", "a backslash before a letter that it gives no meaning (\\\\ is a backslash itself)"),
    ("incomplete escape", "the code of a character is cut short"),
    ("octal escape", "the code of a character is too large"),
    ("undefined character name", "a character's name that Unicode does not know"),
    ("bad character range", "a range that ends before it begins"),
    ("bad character in group name", "a group's name that is no name"),
    ("unknown extension", '"(?" with what has no meaning behind it'),
    ("unexpected end", "it ends too early"),
    (("unknown flag", "cannot use LOCALE"), "a flag that there is not"),
    ("bad inline flags", "flags that cannot stand together, or not here"),
    ("global flags not at", "a flag for all of it, which must stand at its beginning"),
    ("ASCII and UNICODE", "flags that cannot stand together"),
    ("look-behind requires", "what is looked back for must have one length"),
    (("invalid group reference", "unknown group name"), "a group that there is not"),
    ("redefinition of group", "two groups of one name"),
    ("cannot refer to an open group", "a group within itself"),
    ("cannot refer to group defined", "a group of what is looked back for"),
    ("Exceeds the limit", "a number of too many digits"),
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
        place = "" if error.pos is None else f", at its character {error.pos + 1}"
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
