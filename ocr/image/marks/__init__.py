"""Marks on a page that are neither print nor rules: filled areas, blots, streaks of a scanner."""
