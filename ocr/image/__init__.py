"""Steps on the picture of a page: arrays in, arrays out."""
