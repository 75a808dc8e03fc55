"""Vertical print: lines that stand, frames of them, and how they are read. Start at `standing_line.py`."""
