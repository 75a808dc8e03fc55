"""What a night is told as: report, alarms, metrics."""
