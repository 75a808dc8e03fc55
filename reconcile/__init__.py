"""Recovered tables laid beside the known forms. Start at `reconcile/reconciliation.py`."""
