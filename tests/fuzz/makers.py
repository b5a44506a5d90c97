"""Who makes the inputs of a target: a maker keeps what it has found worth keeping, and changes that on demand."""

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
        """The next input."""

    def keep(self) -> None:
        """The last input went where none had gone: start from it as well."""


class Documents:
    """JSON that was valid once, some of it with planted secrets, and some no longer JSON."""

    def __init__(self, *seeds: Any) -> None:
        self._kept = [json.dumps(each) for each in seeds]
        self._last = self._kept[0]

    def make(self, random: random.Random) -> bytes:
        """Up to six changes to the tree; then secrets are planted, or bytes are changed."""
        whole = json.loads(random.choice(self._kept))
        others = [json.loads(random.choice(self._kept))]
        for _ in range(random.choice((0, 1, 1, 2, 3, 6))):
            whole = mutate.tree(random, whole, others)
        self._last = json.dumps(whole)
        if random.random() < 0.4:
            mutate.plant(random, whole)
            return mutate.dumped(whole)
        body = mutate.dumped(whole)
        for _ in range(random.choice((0, 0, 0, 1, 2))):
            body = mutate.flipped(random, body, [body, random.choice(self._kept).encode()])
        return body

    def keep(self) -> None:
        """Before secrets were planted and bytes changed, so that it can be changed as a tree."""
        if len(self._kept) < MOST_KEPT and len(self._last) < 20_000:
            self._kept.append(self._last)


class Texts:
    """What people type, made of the pieces it is usually made of."""

    def __init__(self, seeds: Sequence[str], tokens: Sequence[str] = ()) -> None:
        self._kept, self._tokens = list(seeds), (*seeds, *tokens)
        self._last = ""

    def make(self, random: random.Random) -> bytes:
        """Up to six changes to a text."""
        typed = random.choice(self._kept)
        for _ in range(random.choice((0, 1, 1, 2, 3, 6))):
            typed = mutate.text(random, typed, self._tokens)
        self._last = typed[:2_000]
        return self._last.encode("utf-8", "surrogatepass")

    def keep(self) -> None:
        """Whole."""
        if len(self._kept) < MOST_KEPT:
            self._kept.append(self._last)
