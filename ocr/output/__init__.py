"""What is made of a page that was read: searchable PDFs, overlays, pictures of the steps."""
