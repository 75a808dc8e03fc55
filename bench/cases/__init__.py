"""What documents do that the samples never did: one file a kind, each draws twenty variants and more."""
