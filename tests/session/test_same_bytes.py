"""A record that was saved is, byte for byte, the one that the site sent: else everything would look changed."""

import pytest

from drtui.core.analysis.changes import before
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.core.wire.backup_schema import raw
from drtui.demo.app import deployment
from drtui.demo.scenarios import SCENARIOS, TOKEN
from drtui.demo.server import serving
from drtui.session import Access, Session, Target
from tests.conftest import NOW
from tests.suites import in_full


@pytest.mark.parametrize("scenario", in_full(SCENARIOS, but=["calm", "hostile"]))
async def test_nothing_is_new_in_what_was_just_saved(scenario: str) -> None:
    with serving(deployment(scenario, now=NOW)) as where:
        target, access = Target(Address.parse(where.url)), Access(token=Secret(TOKEN), timeout=20)
        async with Session(target, access, now=NOW, clock=lambda: NOW) as session:
            live = await session.read()
            saved = await session.recalled()
    assert saved is not None
    records = {(each.id, each.start): raw(each) for each in live.all_backups}
    assert records == {(each.id, each.start): raw(each) for each in saved.all_backups}
    assert before(saved, NOW) == before(live, NOW)
