"""The line-by-line mode for screen readers and simple terminals."""
