"""The chat screen and the controllers that do what its keys ask for."""
