"""What everything stands on: errors, settings, limits, media types, streams. It imports nothing of ours."""
