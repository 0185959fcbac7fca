"""Where the tests find what feeds a parser."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # feeding.py
