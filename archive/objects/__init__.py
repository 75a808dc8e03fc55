"""Where the bytes of originals are kept, by their hash."""
