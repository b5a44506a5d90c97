"""The parts of the main screen, each without the others and without a running interface."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from textual.screen import Screen
from textual.timer import Timer

from drtui.core.comparison.selection import Id
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import HOUR
from drtui.core.formatting.times import UTC
from drtui.core.listing.catalog import Criteria, Order
from drtui.core.listing.grouping import Grouping
from drtui.core.listing.view_settings import ViewSettings
from drtui.core.model.address import Address
from drtui.core.query.query import Query, incomplete_field_error, parse_partial
from drtui.session import ConnectionOptions, Target
from drtui.ui.main.age_timer import AgeTimer
from drtui.ui.main.comparison import Comparison
from drtui.ui.main.list_builder import build_list
from drtui.ui.main.open_site import OpenSite
from drtui.ui.main.pane_layout import PaneLayout
from drtui.ui.main.view_settings import SavedViewSettings
from drtui.ui.options import Options
from tests.conftest import NOW
from tests.core.points import assess_site, backup

TARGET = Target(Address.parse("https://gis.example.com/ctx"))


def parse(text: str) -> Query:
    """Return a filter as it is typed."""
    return parse_partial(text, DisplayContext(NOW, UTC), Query())[0]


class TimerScreen(Screen[None]):
    """A screen that records the timers that it is asked for, and never starts one."""

    def __init__(self) -> None:
        super().__init__()
        self.delays: list[float] = []

    def set_timer(self, delay: float, callback: Callable[..., Any] | None = None, **options: Any) -> Timer:
        """Record the delay, in seconds."""
        self.delays.append(delay)
        return Timer(self, delay, callback=callback, **options)


def make_site(*names: str, now: int | None = NOW) -> OpenSite:
    """Return a site with one usable restore point an hour, the newest first in `names`."""
    site = OpenSite(Options(TARGET, ConnectionOptions(), now=now, clock=lambda: NOW))
    site.assessment = assess_site(*(backup(name, hours) for hours, name in enumerate(names, 1)))
    return site


def listed_names(site: OpenSite) -> list[str]:
    """Return the names in the list, in order."""
    return [point.backup.name for point in site.catalog.points]


@pytest.mark.parametrize(
    ("criteria", "names"),
    [
        (Criteria(), ["b", "a", "c"]),
        (Criteria(Order("name", is_descending=False)), ["a", "b", "c"]),
        (Criteria(filter=parse("name:a")), ["a"]),
        (Criteria(store="elsewhere"), []),
    ],
)
def test_build_list_follows_the_criteria_when_they_change(criteria: Criteria, names: list[str]) -> None:
    site = make_site("b", "a", "c")
    site.criteria = criteria
    build_list(site)
    assert listed_names(site) == names
    assert bool(site.list_result.empty_message) is not bool(names)


def test_build_list_uses_the_fallback_when_nothing_matches() -> None:
    site = make_site("b", "a")
    query = parse("veri")
    site.criteria = Criteria(filter=query)
    error = incomplete_field_error(parse("verdict"))
    assert error is not None
    build_list(site, (Query(), error))
    assert (listed_names(site), site.filter_error, site.criteria.filter) == (["b", "a"], error, Query())


def test_build_list_groups_rows_when_a_grouping_is_set() -> None:
    site = make_site("b", "a")
    build_list(site)
    ungrouped = len(site.list_result.rows)
    site.grouping = Grouping.STORE
    build_list(site)
    assert len(site.list_result.rows) > ungrouped


def test_open_site_has_nothing_of_the_previous_site_when_reset() -> None:
    site = make_site("b", "a")
    build_list(site)
    site.marks, site.utc = (("store", "a"),), True
    site.reset()
    assert (site.settings, len(site.marks), len(site.catalog.source)) == (ViewSettings(), 0, 0)
    assert not site.assessment.points


@pytest.mark.parametrize(
    ("saved", "changed_before", "restored"),
    [
        (ViewSettings(Order("name", is_descending=False), utc=True), False, True),
        (None, False, False),
        (ViewSettings(Order("name", is_descending=False)), True, False),
    ],
)
def test_restore_applies_saved_settings_unless_the_user_changed_them(
    saved: ViewSettings | None, changed_before: bool, restored: bool
) -> None:
    site = make_site("b", "a")
    settings = SavedViewSettings(Screen(), site)
    if changed_before:
        site.criteria = replace(site.criteria, order=Order("age", is_descending=False))
    before = site.settings
    assert settings.restore(saved) is restored
    assert site.settings == (saved if restored else before)
    assert settings.restore(ViewSettings(Order("expires"))) is False, "only once for each site"


def test_compare_says_which_key_marks_when_nothing_is_marked() -> None:
    site, messages, opened = make_site("b", "a"), list[str](), list[str]()
    comparison = Comparison(
        site,
        on_marked=lambda: None,
        show_message=messages.append,
        open_exportable=lambda _, view, __: opened.append(view),
    )
    newest, older = site.assessment.points
    comparison.compare("compare", newest)
    assert (messages[-1], opened) == (comparison.choose_pair("compare", newest), [])
    comparison.toggle_mark(older)
    assert site.marks == (older.id,)
    assert messages[-1] == "marked: d compares it with the one under the cursor"
    comparison.compare("compare", newest)
    assert opened == ["compared"]
    comparison.toggle_mark(older)
    assert site.marks == tuple[Id, ...]()


def test_age_timer_waits_for_the_next_text_when_time_passes() -> None:
    updates, screen = list[bool](), TimerScreen()
    site = make_site("b", "a", now=None)
    ages = AgeTimer(screen, site, list_moments=lambda: (NOW - HOUR + 5_000,), on_updated=updates.append)
    ages.schedule()
    assert 0 < screen.delays[-1] <= 60
    ages.update()
    assert (updates, len(screen.delays)) == ([True], 2)


def test_age_timer_sets_no_timer_when_time_is_fixed() -> None:
    screen = TimerScreen()
    AgeTimer(screen, make_site("b"), list_moments=tuple, on_updated=lambda _: None).schedule()
    assert screen.delays == []


class ClassScreen(Screen[None]):
    """A screen whose focus and refreshes are not carried out."""

    def call_after_refresh(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        """Drop the callback."""
        return not (callback, args, kwargs)


@pytest.mark.parametrize(
    ("size", "zoomed", "classes", "is_side_by_side"),
    [
        ((120, 40), False, set(), True),
        ((120, 30), False, {"dense"}, True),
        ((99, 40), False, {"single-pane", "show-table"}, False),
        ((120, 29), False, {"single-pane", "show-table", "dense"}, False),
        ((120, 40), True, {"single-pane", "show-table"}, False),
        ((39, 40), False, {"single-pane", "show-table", "too-small"}, False),
        ((120, 9), False, {"single-pane", "show-table", "too-small", "dense"}, False),
    ],
)
def test_lay_out_shows_the_panes_that_fit_when_the_window_has_a_size(
    size: tuple[int, int], zoomed: bool, classes: set[str], is_side_by_side: bool
) -> None:
    calls = list[dict[str, Any]]()
    screen = ClassScreen()
    layout = PaneLayout(screen, fit=lambda **options: calls.append(options), on_resized=lambda: None)
    layout.is_zoomed = zoomed
    layout.lay_out(*size)
    assert set(screen.classes) - {"-screen-suspended"} == classes
    assert [call["side_by_side"] for call in calls] == [is_side_by_side]


@pytest.mark.parametrize(
    ("changes", "allow_changes", "label"),
    [((), False, "READ-ONLY"), (("keep",), False, "CHANGES ON"), ((), True, "CHANGES ON")],
)
def test_status_line_says_what_may_be_changed(changes: tuple[str, ...], allow_changes: bool, label: str) -> None:
    target = replace(TARGET, changes=frozenset(changes))
    site = OpenSite(Options(target, ConnectionOptions(), now=NOW, allow_changes=allow_changes))
    assert site.status.changes[0] == label
