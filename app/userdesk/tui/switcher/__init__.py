"""The switcher: find a conversation by title or by what was said in it."""
