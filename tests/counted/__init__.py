"""Tests of exact costs: bytes, requests, calls, files, memory. They measure no time, so a slow machine fails none."""
