"""Small screens over the chat that ask for one thing."""
