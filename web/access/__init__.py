"""Who may see and say what: people, sessions, and the guard before every request."""
