"""Trials with faults: kills, power cuts, failing calls, damaged copies."""
