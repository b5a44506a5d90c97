"""Dialogs, which ask for one answer each."""
