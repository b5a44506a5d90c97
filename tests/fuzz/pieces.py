"""The work in pieces, for as many processes as there are."""

import time
from collections.abc import Iterator

from tests.fuzz.driver import Finding, fuzz
from tests.fuzz.targets import TARGETS

PIECE = 5_000
"""Inputs of one piece of work; each starts from the seeds again, with a chance of its own."""

Piece = tuple[str, int, str]
"""A target, how many inputs, and the seed."""


def pieces(names: list[str], inputs: int, seed: str) -> Iterator[Piece]:
    """So many inputs of these targets together, shared out by weight."""
    whole = sum(TARGETS[name].weight for name in names)
    for name in names:
        share = max(1, round(inputs * TARGETS[name].weight / whole))
        yield from ((name, min(PIECE, share - at), f"{seed}.{at // PIECE}") for at in range(0, share, PIECE))


def work(piece: Piece) -> tuple[Piece, float, list[Finding]]:
    """What one piece took, in seconds, and found."""
    begun = time.monotonic()
    findings = fuzz(TARGETS[piece[0]], *piece[1:])
    return piece, time.monotonic() - begun, findings
