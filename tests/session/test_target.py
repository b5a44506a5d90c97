"""Fields by which a site is the same, and something is remembered of it."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from drtui.core.listing.catalog import Order
from drtui.core.listing.view_settings import Arrangement
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.session import DEMO, Access, Target, memory_of, view_settings
from drtui.storage import view_settings as disk
from tests.storage.archives import ADDRESS

SITE = Target(ADDRESS, name="prod")
SCENARIO = Target(DEMO, scenario="calm")
SAVED = Target(file=Path("saved.json"))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
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
    one: Target, other: Target, *, expected: bool
) -> None:
    assert one.is_same_site(other) is expected


@pytest.mark.parametrize(
    ("target", "access", "expected"),
    [
        (SITE, Access(), True),
        (SITE, Access(remember=False), False),
        (SCENARIO, Access(), False),
        (SAVED, Access(), False),
        (Target(), Access(), False),
    ],
)
async def test_arrangement_and_history_are_kept_when_the_target_is_a_site_and_history_is_on(
    target: Target, access: Access, *, expected: bool
) -> None:
    chosen = Arrangement(order=Order("took", descending=False))
    await view_settings.keep(target, access, chosen)
    assert (await view_settings.recalled(target, access) == chosen) is expected
    assert (memory_of(target, access) is not None) is expected


async def test_arrangement_is_not_recalled_when_the_target_is_simulated() -> None:
    disk.keep(DEMO, Arrangement(order=Order("took")))
    assert await view_settings.recalled(SCENARIO, Access()) is None
    assert await view_settings.recalled(Target(DEMO), Access()) is not None


async def test_arrangement_of_a_site_is_left_alone_when_history_is_off() -> None:
    chosen = Arrangement(order=Order("took", descending=False))
    await view_settings.keep(SITE, Access(), chosen)
    await view_settings.keep(SITE, Access(remember=False), Arrangement())
    assert await view_settings.recalled(SITE, Access()) == chosen
    assert await view_settings.recalled(SITE, Access(remember=False)) is None


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        (Access(), False),
        (Access(user="siteadmin"), False),
        (Access(password=Secret("word")), False),
        (Access(user="siteadmin", password=Secret("word")), True),
        (Access(user="siteadmin", password=Secret("")), False),
        (Access(token=Secret("token")), True),
    ],
    ids=["nothing", "user", "password", "both", "empty", "token"],
)
def test_access_can_sign_in_when_it_has_a_token_or_both_user_and_password(access: Access, *, expected: bool) -> None:
    assert access.can_sign_in is expected


def test_access_of_every_site_has_neither_secrets_nor_whom_to_trust() -> None:
    whole = Access(
        "siteadmin", Secret("t"), Secret("p"), "ours", Path("own.pem"), insecure=True, timeout=3, offline=True,
        remember=False, keep_days=7,
    )  # fmt: skip
    assert whole.of_every_site == Access(timeout=3, offline=True, remember=False, keep_days=7)
