"""How much of Markdown is read as its references read it, in percent by section: `make conformance`."""
