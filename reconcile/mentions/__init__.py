"""Where a report names its organ and its year, in its title and elsewhere, and which of that stands."""
