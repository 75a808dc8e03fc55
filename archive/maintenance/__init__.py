"""Verifying, upgrading and copying an archive."""
