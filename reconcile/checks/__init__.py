"""What is checked of a report: sums, narrative, other reports; and what follows from it."""
