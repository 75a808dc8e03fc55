"""Where documents come from and how batches run."""
