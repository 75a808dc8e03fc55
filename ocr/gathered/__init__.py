"""Documents that are put together of several files: scans of single pages, a web page and its tables."""
