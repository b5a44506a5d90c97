"""Screens that fill the window above the main screen."""
