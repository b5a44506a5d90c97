"""Tests of drtui.core.query."""
