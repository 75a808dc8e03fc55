"""What a link or page is: a report, a list, something else."""
