"""Tests of drtui.core.analysis."""
