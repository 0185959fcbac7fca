"""What reaches outside the terminal: clipboard, editor, browser, exported files."""
