"""What people's verdicts make of the values of a reading: laid over it, kept through newer ones, checked."""
