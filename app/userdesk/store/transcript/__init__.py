"""The messages of a conversation: the append-only file, its lines, the answer being received."""
