"""How an archive is: counts, size, workers."""
