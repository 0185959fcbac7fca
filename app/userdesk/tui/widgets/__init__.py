"""Widgets of the chat screen that know nothing of conversations."""
