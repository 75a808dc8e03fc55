"""A second opinion on tables: their structure as a model sees it, and which grid the page bears out."""
