"""Documents read in children of their own."""
