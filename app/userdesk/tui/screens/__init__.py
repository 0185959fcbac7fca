"""The screens: the chat itself and what lies over it for a moment."""
