"""The table of several sites when values are unknown."""

import datetime as dt
from typing import Any

import pytest

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, MINUTE
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrStatus
from drtui.core.model.site_state import Fetched, SiteState
from drtui.core.summary.site_summary import summarize_site
from drtui.output.site_tables import sites_table
from tests.conftest import NOW
from tests.core.points import backup, full_site, site_of

VIEW = DisplayContext(NOW, dt.UTC)
DOWN: Fetched[Any] = Fetched(NOW, failure=Failure(FailureKind.UNREACHABLE, "dns", "the name is not known"))
GOING = Fetched(NOW, DrStatus("in_progress", 1, "Restore", start=NOW - 3 * MINUTE))


def rows(site_state: SiteState) -> tuple[dict[str, str], dict[str, Any]]:
    """Return a site as a text row and as a JSON object."""
    table = sites_table([summarize_site("prod", site_state, NOW, DAY)], VIEW)
    (text,), (row,) = table.texts, list(table.objects)
    return dict(zip(table.columns, text, strict=True)), row


@pytest.mark.parametrize(
    ("site_state", "missed", "operation"),
    [
        (full_site(backup("a", 3)), "0", "-"),
        (site_of(backup("a", 3)), "unknown", "unknown"),
        (full_site(backup("a", 3), status=GOING), "0", "restore for 3 min"),
    ],
    ids=["all read", "tasks not read", "restoring"],
)
def test_site_has_unknown_values_when_tasks_or_status_were_not_fetched(
    site_state: SiteState, missed: str, operation: str
) -> None:
    text, row = rows(site_state)
    assert (text["MISSED RUNS"], text["FAILED RUNS"], text["OPERATION"]) == (missed, missed, operation)
    assert row["missed_runs"] == (0 if missed == "0" else None)


def test_site_has_state_and_exposure_when_it_was_read() -> None:
    text, row = rows(full_site(backup("a", 3)))
    assert (text["SITE"], text["STATE"], row["state"], row["last_known_state"]) == ("prod", "✓ fine", "ok", "ok")
    assert row["rpo"]["newest_usable"] == "a"
    assert row["read_at"]["epoch_ms"] == NOW


@pytest.mark.parametrize("stores", [None, DOWN], ids=["not asked", "down"])
def test_site_has_no_exposure_when_its_stores_were_not_read(stores: Fetched[Any] | None) -> None:
    text, row = rows(SiteState("gis.example.com/arcgis", stores=stores, is_complete=True))
    assert (text["STATE"], row["state"]) == ("? unknown", "unknown")
    assert (row["rpo"], row["read_at"], row["rpo_is_complete"]) == (None, None, False)
