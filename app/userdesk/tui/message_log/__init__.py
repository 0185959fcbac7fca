"""The message log: lines of bubbles drawn by one widget."""
