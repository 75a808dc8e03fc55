"""Connections: addresses that may be visited, TLS, bodies unpacked."""
