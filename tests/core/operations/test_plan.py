"""Plan of a change."""

import pytest

from drtui.core.formatting.durations import MINUTE
from drtui.core.model.account import SiteMode
from drtui.core.model.address import Address
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site_state import Fetched
from drtui.core.operations.facts import Facts
from drtui.core.operations.outcome import EXIT_CODES, Outcome
from drtui.core.operations.permissions import ALL_CHANGES, READ_ONLY, Permissions
from drtui.core.operations.plan import Destination, Plan, make_plan
from drtui.core.operations.request import (
    Change,
    DeleteBackup,
    KeepBackup,
    Operation,
    PauseSchedule,
    RestoreBackup,
    ResumeSchedule,
    ValidateStore,
)
from tests.conftest import NOW
from tests.core.operations.facts import CREATE, facts_of
from tests.core.points import backup

SITE = Destination(Address.parse("https://gis.example.com/arcgis"), "prod", "red")
FACTS = facts_of(backup("good", 3, namespace="gis-prod"), backup("old", 30))
CHANGES: dict[Operation, Change] = {
    Operation.CREATE: CREATE,
    Operation.KEEP: KeepBackup("vault", "old", -1),
    Operation.VALIDATE: ValidateStore("vault"),
    Operation.PAUSE: PauseSchedule("t1", "nightly"),
    Operation.RESUME: ResumeSchedule("t1", "nightly"),
    Operation.DELETE: DeleteBackup("vault", "old"),
    Operation.RESTORE: RestoreBackup("vault", "good"),
}


def plan_of(change: Change, facts: Facts = FACTS, permissions: Permissions = ALL_CHANGES) -> Plan:
    return make_plan(change, facts, SITE, permissions)


def test_plan_names_site_release_namespace_and_probable_end() -> None:
    plan = plan_of(CREATE)
    assert (plan.destination.site_name, plan.release, plan.namespace) == ("prod", "11.4.0", "gis-prod")
    assert (plan.usual, plan.probable_end) == (5 * MINUTE, NOW + 5 * MINUTE)
    assert plan.outcome_without_sending is None


@pytest.mark.parametrize("operation", Operation)
def test_every_operation_has_a_request_and_its_costs(operation: Operation) -> None:
    plan = plan_of(CHANGES[operation])
    assert plan.request_lines[0].startswith("POST https://gis.example.com/arcgis/admin/system/")
    assert (operation is Operation.RESTORE) is bool(plan.readiness)
    assert bool(plan.irreversible) is (operation in {Operation.DELETE, Operation.RESTORE})


@pytest.mark.parametrize("operation", Operation)
def test_plan_is_not_allowed_when_no_permission_covers_it(operation: Operation) -> None:
    plan = plan_of(CHANGES[operation], permissions=READ_ONLY)
    assert plan.outcome_without_sending is Outcome.NOT_ALLOWED
    assert "--allow-changes" in plan.not_allowed
    assert "[site.prod]" in plan.not_allowed


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("create", {Operation.CREATE}),
        ("pause", {Operation.PAUSE, Operation.RESUME}),
        ("restore", {Operation.RESTORE}),
        ("stores", set()),
    ],
)
def test_permission_covers_only_its_operations(kind: str, allowed: set[Operation]) -> None:
    permissions = Permissions(frozenset({kind}))
    assert {operation for operation in Operation if permissions.allows(operation)} == allowed
    assert permissions.label == "CHANGES ON"


@pytest.mark.parametrize(
    ("kind", "outcome"), [(FailureKind.UNREACHABLE, Outcome.UNKNOWN), (FailureKind.REFUSED, Outcome.REFUSED)]
)
def test_plan_ends_at_once_when_the_site_cannot_be_read(kind: FailureKind, outcome: Outcome) -> None:
    failed: Fetched[object] = Fetched(NOW, failure=Failure(kind, "x", "no answer"))
    facts = facts_of(site=failed, stores=failed, status=failed, backups={})
    assert plan_of(CREATE, facts).outcome_without_sending is outcome


def test_plan_is_stopped_when_a_finding_stops_it() -> None:
    facts = facts_of(mode=Fetched(NOW, SiteMode(is_read_only=True)))
    assert plan_of(CREATE, facts).outcome_without_sending is Outcome.STOPPED


def test_restore_states_the_loss() -> None:
    assert "3 h ago is lost" in " ".join(plan_of(CHANGES[Operation.RESTORE]).irreversible)


def test_exit_codes_cover_every_outcome() -> None:
    assert {outcome.value: EXIT_CODES[outcome] for outcome in Outcome} == {
        "done": 0, "accepted": 0, "ended_badly": 1, "stopped": 1, "not_confirmed": 2, "unknown": 3, "refused": 4,
        "not_allowed": 4,
    }  # fmt: skip
