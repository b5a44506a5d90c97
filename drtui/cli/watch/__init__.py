"""`--watch` of list, status and check: ask the site again and again, and show what is new."""
