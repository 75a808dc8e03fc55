"""Sample reports with their truth."""
