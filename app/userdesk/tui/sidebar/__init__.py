"""The sidebar: saved conversations, newest activity first."""
