"""The comparison of two restore points."""
