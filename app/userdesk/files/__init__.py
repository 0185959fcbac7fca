"""The one place that makes, replaces and appends private files."""
