"""Worlds of the demo, each built once a worker."""

import pickle
from functools import lru_cache

from drtui.demo.simulated_site import World, world


@lru_cache(32)
def _pickled(scenario: str, now: int) -> bytes:
    return pickle.dumps(world(scenario, now))


def copied_world(scenario: str, now: int) -> World:
    """Return a world of its own for each caller, as `world` does: operations change it."""
    copy: World = pickle.loads(_pickled(scenario, now))  # noqa: S301 - pickled by this program
    return copy
