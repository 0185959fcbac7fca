"""The full-screen program; the only layer that imports textual."""
