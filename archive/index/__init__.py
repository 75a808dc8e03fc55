"""The index for searching: tokens, query language, both databases."""
