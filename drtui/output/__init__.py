"""Text output: tables, CSV, JSON, Markdown and metrics. Imports only the core."""
