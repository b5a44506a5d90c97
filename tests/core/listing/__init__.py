"""Tests of the list of restore points."""
