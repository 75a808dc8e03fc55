"""Tables that are told by their heading, headers and rows together: those of budgets and final accounts."""
