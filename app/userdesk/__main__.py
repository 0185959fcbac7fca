"""Where the program begins: `userdesk`, and `python -m userdesk`, which does the same."""

import gc
import sys

INTERRUPTED = 130  # Ctrl+C, as shells count it; exit_status.py would have to be imported first


def main() -> int:
    """Run the command line. A Ctrl+C while it is being imported ends as quietly as a later one."""
    # What is imported stays: looking for garbage meanwhile takes a tenth of the time.
    gc.disable()
    try:
        from userdesk.cli import main as run
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        gc.freeze()
        gc.enable()
    return run()


if __name__ == "__main__":
    sys.exit(main())
