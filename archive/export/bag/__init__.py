"""BagIt packages of documents with all that is known of them."""
