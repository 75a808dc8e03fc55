"""What recognises text: the protocol, the engines, their weights."""
