"""Plans, outcomes and the journal as text and JSON."""

import datetime as dt
import json

import pytest

from drtui.core.formatting.times import UTC
from drtui.core.model.backup import NEVER
from drtui.core.model.reply import Reply, ReplyKind
from drtui.core.operations.journal import Intent, JournalEntry
from drtui.core.operations.outcome import Outcome
from drtui.core.operations.permissions import ALL_CHANGES
from drtui.core.operations.plan import make_plan
from drtui.core.operations.progress import begin, not_sent
from drtui.core.operations.request import Change, DeleteBackup, KeepBackup, RestoreBackup, request_of
from drtui.output.operations import journal_object, plan_text, result_object
from tests.conftest import NOW
from tests.core.operations.facts import CREATE, facts_of, submission_of
from tests.core.operations.test_plan import SITE
from tests.core.points import backup

FACTS = facts_of(backup("good", 3, namespace="gis-prod"), backup("old", 30))
ROOT = "https://gis.example.com/arcgis/admin"


def test_result_has_every_promised_field_and_no_secret() -> None:
    plan = make_plan(CREATE, FACTS, SITE, ALL_CHANGES, id_="c1")
    progress = begin(submission_of(waits=False))
    result = result_object(plan, progress, UTC)
    assert json.loads(json.dumps(result)) == result
    named = {
        "schema",
        "id",
        "operation",
        "site",
        "store",
        "name",
        "outcome",
        "submitted",
        "ended",
        "preflight",
        "request",
    }
    assert named <= result.keys()
    assert (result["id"], result["operation"], result["outcome"]) == ("c1", "create", "accepted")
    assert result["submitted"] == {"epoch_ms": NOW, "iso": "2026-09-21T14:13:20+00:00"}
    assert result["ended"] is None
    assert result["request"]["url"] == f"{ROOT}/system/disasterrecovery/stores/vault/backups/create"
    assert result["request"]["fields"]["passcode"] == "***"
    assert result["request"]["fields"]["token"] == "***"


@pytest.mark.parametrize("outcome", Outcome)
def test_result_was_not_submitted_when_nothing_was_sent(outcome: Outcome) -> None:
    plan = make_plan(CREATE, FACTS, SITE, ALL_CHANGES)
    result = result_object(plan, not_sent(CREATE, NOW, outcome, "Nothing was sent"), UTC)
    assert (result["outcome"], result["submitted"]) == (outcome.value, None)


def test_result_has_no_outcome_when_only_planned() -> None:
    change = KeepBackup("vault", "none", NEVER)
    result = result_object(make_plan(change, FACTS, SITE, ALL_CHANGES), None, UTC)
    assert (result["outcome"], result["submitted"], result["ended"]) == (None, None, None)
    assert [(row["code"], row["level"]) for row in result["preflight"]] == [("unknown-backup", "stop")]


@pytest.mark.parametrize("change", [CREATE, DeleteBackup("vault", "good"), RestoreBackup("vault", "good")])
def test_plan_text_names_site_cost_and_request(change: Change) -> None:
    plan = make_plan(change, FACTS, SITE, ALL_CHANGES)
    text = plan_text(plan, dt.UTC)
    for expected in ("prod", "gis.example.com/arcgis", "11.4.0", "gis-prod", "vault", plan.request_lines[0]):
        assert expected in text
    for sentence in (*plan.costs, *plan.irreversible, *(finding.text for finding in plan.findings)):
        assert sentence in text


def test_journal_object_has_every_promised_field() -> None:
    intent = Intent("c1", NOW, SITE.address.url, CREATE, request_of(CREATE), "prod", "siteadmin")
    row = journal_object(JournalEntry(intent, Reply(ReplyKind.ACCEPTED, "{}", "j1"), Outcome.DONE, NOW, "done"), UTC)
    named = {"id", "time", "site", "user", "operation", "request", "reply", "outcome"}
    assert named <= row.keys()
    assert (row["user"], row["operation"], row["outcome"]) == ("siteadmin", "create", "done")
    assert row["reply"] == {"kind": "accepted", "text": "{}", "job": "j1"}
    assert journal_object(JournalEntry(intent), UTC)["reply"] is None
