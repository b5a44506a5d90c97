"""Tests of the demo build each simulated site anew."""

import pytest

from drtui.demo import app, simulated_site


@pytest.fixture(autouse=True)
def worlds_built_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Build each site instead of copying one built before."""
    monkeypatch.setattr(app, "make_site", simulated_site.make_site)
