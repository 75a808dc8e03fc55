"""Web pages as documents: decoded, taken apart into blocks, laid out on pages, read from the markup."""
