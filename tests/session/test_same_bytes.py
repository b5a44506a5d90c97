"""A saved record has the bytes that the site sent; otherwise every backup would look changed."""

import pytest

from drtui.core.analysis.changes import make_previous_lists
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.core.wire.backup_schema import record_json
from drtui.demo.app import make_app
from drtui.demo.scenarios import SCENARIOS, TOKEN
from drtui.demo.server import serving
from drtui.session import ConnectionOptions, Session, Target
from tests.conftest import NOW
from tests.suites import in_full


@pytest.mark.parametrize("scenario", in_full(SCENARIOS, but=["calm", "hostile"]))
async def test_changes_are_empty_when_the_cache_was_just_saved(scenario: str) -> None:
    with serving(make_app(scenario, now=NOW)) as where:
        target, access = Target(Address.parse(where.url)), ConnectionOptions(token=Secret(TOKEN), timeout=20)
        async with Session(target, access, now=NOW, clock=lambda: NOW) as session:
            live = await session.fetch_all()
            saved = await session.cached()
    assert saved is not None
    records = {(backup.id, backup.start): record_json(backup) for backup in live.all_backups}
    assert records == {(backup.id, backup.start): record_json(backup) for backup in saved.all_backups}
    assert make_previous_lists(saved, NOW) == make_previous_lists(live, NOW)
