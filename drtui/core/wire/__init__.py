"""Decode and encode JSON: the only place that knows the server's spellings."""
