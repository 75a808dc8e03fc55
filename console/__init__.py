"""The command line: one command a file, what the terminal shows."""
