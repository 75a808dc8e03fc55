"""Tables as they are printed, drawn on the terminal."""
