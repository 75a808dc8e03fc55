"""Documents, their runs, and what was read of them."""
