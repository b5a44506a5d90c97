"""Pieces of the work for several processes."""

import time
from collections.abc import Iterator

from tests.fuzz.driver import Finding, fuzz
from tests.fuzz.targets import TARGETS

PIECE = 5_000
"""Inputs of one piece; each piece starts from the seeds, with random numbers of its own."""

Piece = tuple[str, int, str]
"""Target, number of inputs, and seed."""


def pieces(names: list[str], inputs: int, seed: str) -> Iterator[Piece]:
    """Return the pieces of this number of inputs, distributed over the targets by weight."""
    whole = sum(TARGETS[name].weight for name in names)
    for name in names:
        share = max(1, round(inputs * TARGETS[name].weight / whole))
        yield from ((name, min(PIECE, share - at), f"{seed}.{at // PIECE}") for at in range(0, share, PIECE))


def work(piece: Piece) -> tuple[Piece, float, list[Finding]]:
    """Return the seconds and the findings of one piece."""
    begun = time.monotonic()
    findings = fuzz(TARGETS[piece[0]], *piece[1:])
    return piece, time.monotonic() - begun, findings
