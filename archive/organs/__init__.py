"""Organs, their names, their reports by year."""
