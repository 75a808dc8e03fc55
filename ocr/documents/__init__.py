"""What can be opened: one backend a format behind the protocols of `base`."""
