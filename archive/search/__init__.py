"""Searching text."""
