"""What is kept of a run for whoever looks for a fault: a log file and crash reports, no secret in either."""
