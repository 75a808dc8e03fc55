"""What the archive remembers of the web: sites, rounds, sightings."""
