"""Reports beside reports: coverage, relations across years and organs."""
