"""A server that answers as no server should."""
