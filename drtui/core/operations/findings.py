"""Findings of a preflight: reasons not to send a change, or to think about it."""

import enum

from msgspec import Struct


class Severity(enum.Enum):
    """The weight of a finding."""

    STOP = "stop"
    """The change is not sent; nothing overrides it."""
    WARNING = "warning"
    NOTE = "note"
    """A fact that could not be read, or is good to know."""


class Finding(Struct, frozen=True):
    """A finding with its evidence."""

    code: str
    """Stable code for scripts: `name-taken`, `read-only`, …."""
    severity: Severity
    text: str
    """One sentence that contains the evidence."""


def stop(code: str, text: str) -> Finding:
    """Return a finding that stops the change."""
    return Finding(code, Severity.STOP, text)


def warning(code: str, text: str) -> Finding:
    """Return a finding that a person should think about."""
    return Finding(code, Severity.WARNING, text)


def note(code: str, text: str) -> Finding:
    """Return a finding that changes nothing."""
    return Finding(code, Severity.NOTE, text)
