"""A command, or a group of them, a file: each parses, calls once, renders.

What a command needs of the archive, of reading and of views is imported inside of its function: help loads
all of these files, and must not wait for SQLAlchemy.
"""
