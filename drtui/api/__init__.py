"""The client of the Enterprise Administrator API; the only room that speaks HTTP."""
