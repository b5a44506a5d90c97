"""Changes of a site: preflight, plan, confirmation, outcome, journal."""
