"""`python -m userdesk` does the same as the `userdesk` command."""

import sys

from userdesk.cli import main

if __name__ == "__main__":
    sys.exit(main())
