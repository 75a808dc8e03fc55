"""Where files come from: folders, zips, folders that are watched."""
