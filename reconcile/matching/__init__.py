"""Tables laid beside forms: which table, which row, which column."""
