"""Makers of inputs. A maker keeps the inputs that reached new code, and changes them."""

import json
import random
from collections.abc import Sequence
from typing import Any, Protocol

from tests.fuzz import mutate

MOST_KEPT = 400
"""Inputs of a corpus."""


class Maker(Protocol):
    """Makes inputs."""

    def make(self, random: random.Random) -> bytes:
        """Return the next input."""

    def keep(self) -> None:
        """Keep the last input as a start of others: it reached new code."""


class Documents:
    """JSON that was valid once, some with planted secrets, some damaged."""

    def __init__(self, *seeds: Any) -> None:
        self._kept = [json.dumps(seed) for seed in seeds]
        self._last = self._kept[0]

    def make(self, random: random.Random) -> bytes:
        """Apply up to six changes to the tree; then plant secrets, or change bytes."""
        whole = json.loads(random.choice(self._kept))
        kept_inputs = [json.loads(random.choice(self._kept))]
        for _ in range(random.choice((0, 1, 1, 2, 3, 6))):
            whole = mutate.tree(random, whole, kept_inputs)
        self._last = json.dumps(whole)
        if random.random() < 0.4:
            mutate.plant(random, whole)
            return mutate.dumped(whole)
        body = mutate.dumped(whole)
        for _ in range(random.choice((0, 0, 0, 1, 2))):
            body = mutate.flipped(random, body, [body, random.choice(self._kept).encode()])
        return body

    def keep(self) -> None:
        """Return the tree before secrets were planted and bytes changed, to be changed further."""
        if len(self._kept) < MOST_KEPT and len(self._last) < 20_000:
            self._kept.append(self._last)


class Texts:
    """Typed texts, made of their usual pieces."""

    def __init__(self, seeds: Sequence[str], tokens: Sequence[str] = ()) -> None:
        self._kept, self._tokens = list(seeds), (*seeds, *tokens)
        self._last = ""

    def make(self, random: random.Random) -> bytes:
        """Apply up to six changes to a text."""
        typed = random.choice(self._kept)
        for _ in range(random.choice((0, 1, 1, 2, 3, 6))):
            typed = mutate.text(random, typed, self._tokens)
        self._last = typed[:2_000]
        return self._last.encode("utf-8", "surrogatepass")

    def keep(self) -> None:
        """Return a text unchanged."""
        if len(self._kept) < MOST_KEPT:
            self._kept.append(self._last)
