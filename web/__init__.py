"""The review page: the archive in a browser."""
