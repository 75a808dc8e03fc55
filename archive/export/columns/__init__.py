"""Which columns and keys each kind of record is exported with; a file a subject."""
