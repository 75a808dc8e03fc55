"""The reports in documents: which there are, and what people say of them."""
