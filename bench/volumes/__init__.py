"""Volumes of reports as archives bind them: drawn, read, and scored report by report."""
