"""Pages of archived documents drawn again: pictures, searchable PDFs."""
