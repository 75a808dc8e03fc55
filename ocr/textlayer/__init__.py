"""The text layer of a digital page: whether it is believed, and its lines."""
