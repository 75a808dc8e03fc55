"""Text of cells and of the body of a page, read from its picture."""
