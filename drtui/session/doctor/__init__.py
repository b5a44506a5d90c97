"""Diagnose the connection to a target step by step, with the program's own code."""

from drtui.session.doctor.engine import NoCredentials, SignIn, diagnose

__all__ = ["NoCredentials", "SignIn", "diagnose"]
