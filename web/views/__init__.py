"""What a page shows, made of what the archive holds: plain frozen records for the templates."""
