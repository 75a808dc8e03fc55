"""What the terminal shows: records in, tables out."""
