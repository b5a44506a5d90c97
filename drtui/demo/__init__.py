"""A simulated deployment to look at, and to test against: it imports no other room."""
