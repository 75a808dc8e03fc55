"""HTML understood once: its tree, what is shown and printed, what is menu, and the blocks of a page."""
