"""Confirmation: what is typed, or given with --yes."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.model.address import Address
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.site import DrStatus
from drtui.core.model.site_state import Fetched
from drtui.core.operations.confirmation import DELETION_PHRASES, Confirming, host_without_port, required_confirmation
from drtui.core.operations.request import (
    Change,
    CreateBackup,
    DeleteBackup,
    KeepBackup,
    PauseSchedule,
    RestoreBackup,
    ResumeSchedule,
    ValidateStore,
)
from tests.conftest import NOW
from tests.core.operations.facts import facts_of
from tests.core.points import backup

ADDRESS = Address.parse("https://gis.example.com:8443/arcgis")
BACKUPS = (backup("good", 3), backup("old", 30), backup("older", 50))


@pytest.mark.parametrize(
    ("change", "way", "answers"),
    [
        (ValidateStore("vault"), Confirming.NOTHING, ()),
        (CreateBackup("vault", "a", NEVER), Confirming.CONFIRM, ("a",)),
        (CreateBackup("vault", "manual-2026", NEVER, is_auto=True), Confirming.CONFIRM, ("auto",)),
        (KeepBackup("vault", "old", NEVER), Confirming.CONFIRM, ("old",)),
        (KeepBackup("vault", "old", NOW + 90 * DAY), Confirming.CONFIRM, ("old",)),
        (KeepBackup("vault", "old", NOW + 2 * DAY), Confirming.TYPE, ("old",)),
        (KeepBackup("vault", "old", NOW + HOUR), Confirming.TYPE, ("old",)),
        (PauseSchedule("t1", "nightly"), Confirming.CONFIRM, ("nightly",)),
        (ResumeSchedule("t1", "nightly"), Confirming.CONFIRM, ("nightly",)),
        (DeleteBackup("vault", "old"), Confirming.TYPE, ("old",)),
        (DeleteBackup("vault", "good"), Confirming.TYPE, ("good", DELETION_PHRASES["newest-usable"])),
        (RestoreBackup("vault", "old"), Confirming.TYPE, ("gis.example.com/old",)),
    ],
)
def test_confirmation_has_the_way_and_the_texts_of_the_change(
    change: Change, way: Confirming, answers: tuple[str, ...]
) -> None:
    confirmation = required_confirmation(change, facts_of(*BACKUPS), ADDRESS, "prod")
    assert (confirmation.way, confirmation.answers) == (way, answers)


@pytest.mark.parametrize(
    ("retention", "new", "way"),
    [
        (NEVER, NOW + 900 * DAY, Confirming.TYPE),
        (None, NOW + 900 * DAY, Confirming.TYPE),
        (None, NEVER, Confirming.CONFIRM),
        (NOW + 9 * DAY, NOW + 9 * DAY - 1, Confirming.TYPE),
        (NOW + 9 * DAY, NOW + 9 * DAY, Confirming.CONFIRM),
        (NOW + HOUR, NOW + DAY - 1, Confirming.TYPE),
        (NOW + HOUR, NOW + DAY, Confirming.CONFIRM),
    ],
)
def test_keep_is_typed_when_it_may_shorten_or_is_less_than_a_day(
    retention: int | None, new: int, way: Confirming
) -> None:
    facts = facts_of(backup("old", 30, retention=retention))
    assert required_confirmation(KeepBackup("vault", "old", new), facts, ADDRESS).way is way


@pytest.mark.parametrize(
    ("backups", "status", "reason"),
    [
        ((backup("a", 3), backup("b", 9)), None, "newest-usable"),
        ((backup("a", 3), backup("b", 9, status="failed")), None, "only-usable"),
        ((backup("a", 9, retention=NEVER), backup("b", 3), backup("c", 2)), None, "kept-for-ever"),
        ((backup("a", 0.1, status="in_progress"), backup("b", 3)),
         DrStatus("in_progress", operation="Backup", store="vault", backup="a", start=NOW - HOUR // 10), "running"),
    ],
)  # fmt: skip
def test_deletion_needs_a_second_phrase_when_the_backup_is_precious(
    backups: Sequence[Backup], status: DrStatus | None, reason: str
) -> None:
    facts = facts_of(*backups, status=Fetched(NOW, status or DrStatus("no_op")))
    confirmation = required_confirmation(DeleteBackup("vault", "a"), facts, ADDRESS)
    assert confirmation.answers == ("a", DELETION_PHRASES[reason])
    assert not confirmation.is_met_by(["a"])


@pytest.mark.parametrize(
    ("change", "typed", "is_met"),
    [
        (ValidateStore("vault"), [], True),
        (ValidateStore("vault"), ["anything"], True),
        (CreateBackup("vault", "a", NEVER), ["a"], True),
        (CreateBackup("vault", "a", NEVER), [" a "], True),
        (CreateBackup("vault", "a", NEVER), [], False),
        (CreateBackup("vault", "a", NEVER), [""], False),
        (CreateBackup("vault", "a", NEVER), ["A"], False),
        (CreateBackup("vault", "a", NEVER), ["auto"], False),
        (CreateBackup("vault", "a", NEVER), ["yes"], False),
        (CreateBackup("vault", "a", NEVER), ["a", "a"], False),
        (CreateBackup("vault", "m", NEVER, is_auto=True), ["auto"], True),
        (CreateBackup("vault", "m", NEVER, is_auto=True), ["m"], False),
        (PauseSchedule("t1", "nightly"), ["nightly"], True),
        (PauseSchedule("t1", "nightly"), ["t1"], True),
        (PauseSchedule("t1", "nightly"), ["weekly"], False),
        (DeleteBackup("vault", "good"), ["good", "delete the newest usable"], True),
        (DeleteBackup("vault", "good"), ["delete the newest usable", "good"], False),
        (RestoreBackup("vault", "old"), ["gis.example.com/old"], True),
        (RestoreBackup("vault", "old"), ["prod/old"], True),
        (RestoreBackup("vault", "old"), ["old"], False),
        (RestoreBackup("vault", "old"), ["gis.example.com:8443/old"], False),
        (RestoreBackup("vault", "old"), ["staging/old"], False),
    ],
)
def test_confirmation_is_met_only_by_the_exact_texts(change: Change, typed: list[str], is_met: bool) -> None:
    confirmation = required_confirmation(change, facts_of(*BACKUPS), ADDRESS, "prod")
    assert confirmation.is_met_by(typed) is is_met


@given(st.lists(st.text(max_size=12), max_size=3))
def test_restore_is_never_confirmed_by_other_texts(typed: list[str]) -> None:
    confirmation = required_confirmation(RestoreBackup("vault", "old"), facts_of(*BACKUPS), ADDRESS, "prod")
    assert confirmation.is_met_by(typed) is (
        [text.strip() for text in typed] in (["gis.example.com/old"], ["prod/old"])
    )


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://gis.example.com/arcgis", "gis.example.com"),
        ("https://gis.example.com:8443/arcgis", "gis.example.com"),
        ("https://[2001:db8::1]/arcgis", "[2001:db8::1]"),
        ("https://[2001:db8::1]:8443/arcgis", "[2001:db8::1]"),
    ],
)
def test_host_without_port_keeps_only_the_host(address: str, host: str) -> None:
    assert host_without_port(Address.parse(address)) == host
