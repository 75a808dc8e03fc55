"""What is told of this machine, and packed for a bug report."""
