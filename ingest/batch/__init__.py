"""Batches: the local one, the worker of a cluster, re-runs."""
