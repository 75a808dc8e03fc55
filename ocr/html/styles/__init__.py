"""Styles of a page: sheets, selectors, the cascade; lengths, colours and type; what hides or alters text."""
