"""Numbers and dates as workbooks show them, by their formats."""
