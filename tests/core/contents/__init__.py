"""Tests of the index of items."""
