"""Tables that have no rules, or only some, from where their print stands. Start at `tables.py`."""
