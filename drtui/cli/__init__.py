"""Command line: arguments, commands and the line-by-line shell."""
