"""What leaves the archive as files: columns by kind of record, formats."""
