"""What `userdesk` does without its full-screen program, one module a command."""
