"""Grids of cells on the picture of a page."""
