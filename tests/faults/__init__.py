"""Faults of a site in every situation, over real sockets."""
