"""What the finding of ruled lines asks: where they end, and whether they are dotted."""
