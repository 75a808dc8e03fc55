"""The addresses of the review page, a file a subject."""
