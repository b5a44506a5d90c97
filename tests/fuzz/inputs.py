"""Hypothesis strategies of hostile inputs: valid inputs after some changes (`mutate`)."""

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.fuzz import mutate


@st.composite
def documents(draw: st.DrawFn, *seeds: Any) -> bytes:
    """Return JSON that was valid once, some with planted secrets, some damaged."""
    random = draw(st.randoms(use_true_random=True))  # by a seed: more different inputs than draws of Hypothesis
    whole, other = (json.loads(json.dumps(random.choice(seeds))) for _ in range(2))
    for _ in range(random.choice((0, 1, 1, 2, 3, 6))):
        whole = mutate.tree(random, whole, [other])
    if random.random() < 0.4:
        mutate.plant(random, whole)
        return mutate.dumped(whole)
    body = mutate.dumped(whole)
    for _ in range(random.choice((0, 0, 0, 1, 2))):
        body = mutate.flipped(random, body, [body, mutate.dumped(other)])
    return body


@st.composite
def texts(draw: st.DrawFn, seeds: Sequence[str], tokens: Sequence[str] = ()) -> bytes:
    """Return a typed text, made of its usual pieces."""
    random = draw(st.randoms(use_true_random=True))  # by a seed: more different inputs than draws of Hypothesis
    typed = random.choice(seeds)
    for _ in range(random.choice((0, 1, 1, 2, 3, 6))):
        typed = mutate.text(random, typed, (*seeds, *tokens))
    return typed[:2_000].encode("utf-8", "surrogatepass")
