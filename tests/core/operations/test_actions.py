"""The entries of the menu of changes, and why some cannot be chosen."""

import pytest

from drtui.core.model.account import SiteMode
from drtui.core.model.site_state import Fetched
from drtui.core.operations.actions import (
    MOVING_KEYS,
    Action,
    Situation,
    point_actions,
    site_actions,
    store_actions,
)
from drtui.core.operations.permissions import ALL_CHANGES, READ_ONLY, Permissions
from drtui.core.operations.request import Operation
from tests.conftest import NOW
from tests.core.operations.facts import facts_of
from tests.core.points import backup

FACTS = facts_of(backup("nightly-1", 2), backup("nightly-0", 26))


def situation(permissions: Permissions = ALL_CHANGES, *, obstacle: str = "", running: str = "") -> Situation:
    """Return the situation of a site with two usable backups."""
    return Situation(FACTS.assessment, permissions, "prod", obstacle, running)


def reasons(actions: tuple[Action, ...]) -> dict[Operation, str]:
    """Return the reason of each operation."""
    return {action.operation: action.reason for action in actions if action.operation is not None}


def test_every_change_of_a_usable_point_is_possible_when_changes_are_allowed() -> None:
    actions = point_actions(FACTS.assessment.points[0], situation())
    assert set(reasons(actions)) == {Operation.KEEP, Operation.RESTORE, Operation.DELETE, Operation.CREATE}
    assert not any(reasons(actions).values())


@pytest.mark.parametrize("permissions", [READ_ONLY, Permissions(frozenset({"validate"}))])
def test_reason_tells_how_to_allow_a_change_when_it_is_not_allowed(permissions: Permissions) -> None:
    texts = reasons(point_actions(FACTS.assessment.points[0], situation(permissions)))
    assert all("--allow-changes" in text and "[site.prod]" in text for text in texts.values())


def test_only_the_allowed_kind_is_possible_when_a_profile_allows_one() -> None:
    texts = reasons(store_actions("vault", situation(Permissions(frozenset({"validate"})))))
    assert texts[Operation.VALIDATE] == ""
    assert "--allow-changes" in texts[Operation.CREATE]


def test_obstacle_outweighs_every_other_reason_when_there_is_one() -> None:
    texts = reasons(point_actions(FACTS.assessment.points[0], situation(READ_ONLY, obstacle="It is a file")))
    assert set(texts.values()) == {"It is a file"}


def test_nothing_is_possible_when_the_site_is_in_read_only_mode() -> None:
    facts = facts_of(backup("nightly-1", 2), mode=Fetched(NOW, SiteMode(is_read_only=True, message="Updating")))
    read_only = Situation(facts.assessment, ALL_CHANGES, "prod")
    texts = {*reasons(point_actions(facts.assessment.points[0], read_only)).values()}
    assert texts == {"The site is in read-only mode (Updating). r reads it again"}


def test_create_and_restore_wait_when_a_backup_is_followed() -> None:
    texts = reasons(point_actions(FACTS.assessment.points[0], situation(running="Backup b")))
    assert texts[Operation.CREATE] == texts[Operation.RESTORE] == "Backup b is running. Wait until it ends"
    assert texts[Operation.KEEP] == texts[Operation.DELETE] == ""


def test_restore_is_not_possible_when_the_point_is_not_usable() -> None:
    facts = facts_of(backup("broken", 2, status="FAILED"))
    point = facts.assessment.points[0]
    actions = point_actions(point, Situation(facts.assessment, ALL_CHANGES))
    assert point.verdict.main.text in reasons(actions)[Operation.RESTORE]
    assert reasons(actions)[Operation.DELETE] == ""


@pytest.mark.parametrize("chosen", [site_actions(situation()), store_actions("vault", situation())])
def test_each_letter_chooses_one_entry_and_moves_nothing(chosen: tuple[Action, ...]) -> None:
    letters = [action.letter for action in chosen]
    assert len(set(letters)) == len(letters)
    assert not set(letters) & MOVING_KEYS
