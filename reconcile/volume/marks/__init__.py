"""Marks on the leaves of a document that tell where reports begin, each kind found by a file of its own."""
