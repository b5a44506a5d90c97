"""Obstacles to changes: what the site, the account and the options of drtui say against them, without a plan."""

from typing import Any

import pytest

from drtui.core.model.account import Account, SiteMode
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import Release, Site
from drtui.core.model.site_state import Fetched, Source
from drtui.core.operations.obstacles import change_badge, find_standing_obstacles
from drtui.core.operations.permissions import ALL_CHANGES, READ_ONLY, Permissions
from tests.conftest import NOW
from tests.core.points import STORE, site_of

UPDATING = Fetched(NOW, SiteMode(is_read_only=True, message="Updating to 12.0."))
WRITABLE = Fetched(NOW, SiteMode(is_read_only=False))
BY_ADMINISTRATOR = Fetched(NOW, Account("ada", "org_admin"))
BY_VIEWER = Fetched(NOW, Account("vic", "org_user", ("portal:user:viewOrgItems",), "iAAAAAAAAAAAAAAA"))
BY_UNKNOWN = Fetched[Account](NOW, failure=Failure(FailureKind.REFUSED, "403", "refused"))


@pytest.mark.parametrize(
    ("mode", "account", "permissions", "codes", "badge"),
    [
        (WRITABLE, BY_ADMINISTRATOR, ALL_CHANGES, [], "CHANGES ON"),
        (WRITABLE, BY_ADMINISTRATOR, Permissions(frozenset({"keep"})), [], "CHANGES ON"),
        (WRITABLE, BY_ADMINISTRATOR, READ_ONLY, ["not-allowed"], "READ-ONLY"),
        (None, None, READ_ONLY, ["not-allowed"], "READ-ONLY"),
        (None, BY_UNKNOWN, ALL_CHANGES, [], "CHANGES ON"),
        (UPDATING, BY_ADMINISTRATOR, ALL_CHANGES, ["read-only"], "SITE READ-ONLY"),
        (UPDATING, BY_VIEWER, READ_ONLY, ["read-only", "no-privilege", "not-allowed"], "SITE READ-ONLY"),
        (WRITABLE, BY_VIEWER, ALL_CHANGES, ["no-privilege"], "NO PRIVILEGE"),
        (WRITABLE, BY_VIEWER, READ_ONLY, ["no-privilege", "not-allowed"], "READ-ONLY"),
    ],
)
def test_obstacles_are_those_of_the_site_then_of_the_account_then_of_drtui(
    mode: Fetched[SiteMode] | None,
    account: Fetched[Account] | None,
    permissions: Permissions,
    codes: list[str],
    badge: str,
) -> None:
    state = site_of(mode=mode, account=account)
    assert [obstacle.code for obstacle in find_standing_obstacles(state, permissions)] == codes
    assert change_badge(state, permissions)[0] == badge


def test_obstacle_repeats_the_message_of_the_site() -> None:
    obstacle = find_standing_obstacles(site_of(mode=UPDATING), ALL_CHANGES)[0]
    assert obstacle.text == "site is in read-only mode (Updating to 12.0)"


OLD = Fetched(NOW, Site(Release.parse("10.9")))
TIMEOUT = Failure(FailureKind.UNREACHABLE, "timeout", "no answer")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"site": OLD}, "old-release"),
        ({"stores": Fetched(NOW, (STORE,), source=Source.SAVED)}, "not-live"),
        ({"stores": Fetched(NOW, (STORE,), TIMEOUT)}, "not-live"),
        ({"stores": Fetched(NOW, (STORE,), source=Source.SAVED), "is_complete": False}, None),
        ({"stores": Fetched(NOW, failure=Failure(FailureKind.REFUSED, "403", "refused"))}, "refused"),
        ({"site": None}, None),
    ],
)
def test_obstacle_is_that_nothing_can_be_sent_to_the_site(changes: dict[str, Any], code: str | None) -> None:
    obstacles = find_standing_obstacles(site_of(**changes), ALL_CHANGES)
    assert [obstacle.code for obstacle in obstacles] == ([code] if code else [])


def test_badge_is_read_only_on_a_release_that_drtui_does_not_change() -> None:
    assert change_badge(site_of(site=OLD), ALL_CHANGES) == ("READ-ONLY", "muted")
