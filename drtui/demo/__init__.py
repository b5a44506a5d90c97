"""A simulated site for `--demo` and for tests. It imports no other package of drtui."""
