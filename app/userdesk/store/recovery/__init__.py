"""What a crash or damage left behind: found, repaired, told once."""
