"""Text for pipes: tables, CSV and JSON. Imports only the model."""
