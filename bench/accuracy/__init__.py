"""How well reports are read."""
