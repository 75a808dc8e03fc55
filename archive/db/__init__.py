"""The database: tables, engine, locks, where an archive lies."""
