"""The demo itself is tested with worlds that it builds anew each time."""

import pytest

from drtui.demo import app, simulated_site


@pytest.fixture(autouse=True)
def worlds_built_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Build each world, instead of copying one that was built before."""
    monkeypatch.setattr(app, "make_site", simulated_site.make_site)
