"""Measurements, each a command: `python -m bench.accuracy.run`."""
