"""The archive: originals, readings, search, exports. Open one with `archive.archive.Archive.open`."""
