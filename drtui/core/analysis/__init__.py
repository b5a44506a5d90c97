"""The assessment of a site: RPO, point in time, operation, changes."""
