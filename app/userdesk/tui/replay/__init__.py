"""A saved conversation shown again at its recorded pace."""
