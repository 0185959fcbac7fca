"""Colors for code, one line at a time."""
