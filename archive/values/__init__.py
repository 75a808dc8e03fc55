"""Values with people's verdicts: facts, sums, review."""
