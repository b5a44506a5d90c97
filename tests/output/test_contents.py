"""Tables of items: a row for each restore point that contains an item, and one row if none does."""

import datetime as dt

import pytest

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY
from drtui.core.formatting.times import format_full
from drtui.core.model.backup import NEVER
from drtui.core.model.site_state import DeletedBackup, SiteHistory
from drtui.output.contents import POINT_COLUMNS, contents_table, item_points_table, items_table
from tests.conftest import NOW
from tests.core.contents.test_index import ROADS, backup_with, build

VIEW = DisplayContext(NOW, dt.UTC)


def test_thing_has_a_row_without_a_holder_when_all_of_them_are_gone() -> None:
    lost = DeletedBackup(backup_with("before", 80, ("lost", "b" * 32)), NOW - 70 * DAY, NOW - 69 * DAY)
    document = build(backup_with("new", 3, ("roads", ROADS)), history=SiteHistory((lost,)))
    items = [item for item in document.items if item.name in {"lost", "roads"}]
    table = item_points_table(items, document, VIEW)
    rows = {row[0]: row[-len(POINT_COLUMNS) :] for row in table.cells or ()}
    assert rows["lost"] == (None,) * len(POINT_COLUMNS)
    assert rows["roads"][:2] == ("new", "vault")
    objects = {row["names"][0]: row for row in items_table(items, document, VIEW).objects}
    assert [row["name"] for row in objects["lost"]["deleted_restore_points"]] == ["before"]
    assert (objects["lost"]["last_usable"], objects["roads"]["last_usable"]) == (
        None,
        {"name": "new", "store": "vault"},
    )


@pytest.mark.parametrize(
    ("retention", "expected_text"), [(None, "unknown"), (NEVER, "never"), (NOW + DAY, format_full(NOW + DAY, dt.UTC))]
)
def test_holder_says_until_when_it_is_kept_when_that_is_known(retention: int | None, expected_text: str) -> None:
    document = build(backup_with("new", 3, ("roads", ROADS), retention=retention))
    text = contents_table([item for item in document.items if item.name == "roads"], document, VIEW)
    assert text.splitlines()[-1].endswith(f"  {expected_text}")
