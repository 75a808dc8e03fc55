"""A command, or a group of them, a file: each parses, calls once, renders.

What a command needs of the archive, of reading and of views is imported inside of its function: `cli`
loads all of these files whatever is asked, and help must not wait for SQLAlchemy, nor a search for Scrapy.
"""
