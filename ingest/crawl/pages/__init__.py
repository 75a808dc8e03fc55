"""What a page says and leads to."""
