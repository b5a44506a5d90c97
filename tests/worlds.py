"""Simulated sites, each built once per worker."""

import pickle
from functools import lru_cache

from drtui.demo.simulated_site import SimulatedSite, make_site


@lru_cache(32)
def _pickled(scenario: str, now: int) -> bytes:
    return pickle.dumps(make_site(scenario, now))


def copy_site(scenario: str, now: int) -> SimulatedSite:
    """Return a copy of a simulated site for each caller, as operations change it."""
    copy: SimulatedSite = pickle.loads(_pickled(scenario, now))  # noqa: S301 - pickled by this program
    return copy
