"""OFD, the national standard for fixed documents (GB/T 33190), drawn as the PDF that looks the same."""
