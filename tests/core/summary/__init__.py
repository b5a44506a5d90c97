"""Tests of drtui.core.summary."""
