"""Demonstrations: nights of a crawl, the pictures of the README."""
