"""Decode and encode JSON. Only this package knows the field names of the site's API."""
