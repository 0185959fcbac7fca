"""Deleted conversations, and removing for good."""
