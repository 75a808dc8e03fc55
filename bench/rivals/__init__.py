"""Other programs on the same pages."""
