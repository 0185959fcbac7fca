"""Editing text: what keys type, letters as readers count them, the text area and its wrapped lines."""
