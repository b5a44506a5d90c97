"""Targets and options: when two targets are one site, and what is saved for it."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from drtui.core.listing.catalog import Order
from drtui.core.listing.view_settings import ViewSettings
from drtui.core.model.address import Address
from drtui.core.model.auth import OAuthGrant, Secret
from drtui.session import DEMO, ConnectionOptions, Target, remembered_views, site_cache
from drtui.storage import view_settings_file as disk
from tests.storage.archives import ADDRESS

SITE = Target(ADDRESS, name="prod")
SCENARIO = Target(DEMO, scenario="calm")
GRANT = OAuthGrant(Secret("access"), None, "drtui", refresh_token=Secret("refresh"))
SAVED = Target(file=Path("saved.json"))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (SITE, SITE, True),
        (SITE, replace(SITE, name=""), True),
        (replace(SITE, name=""), SITE, True),
        (SITE, replace(SITE, name="dr"), False),
        (SITE, Target(Address("https", "other.example.com", "arcgis"), name="prod"), False),
        (SCENARIO, SCENARIO, True),
        (SCENARIO, replace(SCENARIO, scenario="paused"), False),
        (SAVED, SAVED, False),
        (SAVED, Target(), False),
        (Target(), Target(), False),
        (SITE, SAVED, False),
    ],
)
def test_targets_are_the_same_site_when_address_scenario_and_name_fit(
    first: Target, second: Target, *, expected: bool
) -> None:
    assert first.is_same_site(second) is expected


@pytest.mark.parametrize(
    ("target", "access", "expected"),
    [
        (SITE, ConnectionOptions(), True),
        (SITE, ConnectionOptions(remember=False), False),
        (SCENARIO, ConnectionOptions(), False),
        (SAVED, ConnectionOptions(), False),
        (Target(), ConnectionOptions(), False),
    ],
)
async def test_view_settings_and_history_are_saved_when_the_target_is_a_site_and_history_is_on(
    target: Target, access: ConnectionOptions, *, expected: bool
) -> None:
    chosen = ViewSettings(order=Order("took", is_descending=False))
    await remembered_views.save_view_settings(target, access, chosen)
    assert (await remembered_views.load_view_settings(target, access) == chosen) is expected
    assert (site_cache(target, access) is not None) is expected


async def test_view_settings_are_not_loaded_when_the_target_is_simulated() -> None:
    disk.save(DEMO, ViewSettings(order=Order("took")))
    assert await remembered_views.load_view_settings(SCENARIO, ConnectionOptions()) is None
    assert await remembered_views.load_view_settings(Target(DEMO), ConnectionOptions()) is not None


async def test_view_settings_of_a_site_are_not_saved_when_history_is_off() -> None:
    chosen = ViewSettings(order=Order("took", is_descending=False))
    await remembered_views.save_view_settings(SITE, ConnectionOptions(), chosen)
    await remembered_views.save_view_settings(SITE, ConnectionOptions(remember=False), ViewSettings())
    assert await remembered_views.load_view_settings(SITE, ConnectionOptions()) == chosen
    assert await remembered_views.load_view_settings(SITE, ConnectionOptions(remember=False)) is None


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        (ConnectionOptions(), False),
        (ConnectionOptions(user="siteadmin"), False),
        (ConnectionOptions(password=Secret("word")), False),
        (ConnectionOptions(user="siteadmin", password=Secret("word")), True),
        (ConnectionOptions(user="siteadmin", password=Secret("")), False),
        (ConnectionOptions(token=Secret("token")), True),
        (ConnectionOptions(sso=True, client_id="drtui"), False),
        (ConnectionOptions(sso=True, client_id="drtui", grant=GRANT), True),
    ],
    ids=["nothing", "user", "password", "both", "empty", "token", "single sign-on", "grant"],
)
def test_options_can_sign_in_when_it_has_a_token_or_both_user_and_password(
    access: ConnectionOptions, *, expected: bool
) -> None:
    assert access.can_sign_in is expected


def test_options_for_any_site_have_no_secret_when_the_original_has() -> None:
    whole = ConnectionOptions(
        "siteadmin", Secret("t"), Secret("p"), "ours", Path("own.pem"), insecure=True, timeout=3, offline=True,
        remember=False, keep_days=7, sso=True, client_id="drtui", grant=GRANT,
    )  # fmt: skip
    assert whole.for_any_site == ConnectionOptions(timeout=3, offline=True, remember=False, keep_days=7)
