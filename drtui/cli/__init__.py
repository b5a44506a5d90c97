"""The command line: the arguments, and the same answers as the interface for pipes and monitoring."""
