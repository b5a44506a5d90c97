"""Tests of the comparison of two restore points."""
