"""The process that tries patterns: run as a script by pattern_matcher.py, importing nothing of ours.

One JSON object a line on standard input: `patterns`, and the `text` that they are searched in, or null where
they are only compiled. One line for each pattern on standard output: `found`, which is null or where the
first match begins and ends; `error`, the words of `re`, and `at`, its place; or `trouble`, words of ours. A
pattern that uses up its processor time ends the process; so does the end of standard input, and with it the
end of the program.
"""

import contextlib
import json
import re
import signal
import sys
import warnings

_MEMORY = 1 << 30  # bytes


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


def _tried(pattern: str, text: str | None, compiled: dict[str, re.Pattern[str]]) -> dict[str, object]:
    try:
        if pattern not in compiled:
            compiled[pattern] = re.compile(pattern)
        found = None if text is None else compiled[pattern].search(text)
    except re.error as error:
        return {"error": error.msg, "at": error.pos}
    except (OverflowError, ValueError) as error:
        return {"error": str(error)}
    except RecursionError:
        return {"trouble": "it is nested too deeply"}
    except MemoryError:
        return {"trouble": "it takes too much memory"}
    return {"found": found and found.span()}


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
