"""Functions that make facts, and submissions, for tests of changes."""

from typing import Any

from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.durations import DAY, MINUTE
from drtui.core.model.account import Account, SiteMode
from drtui.core.model.backup import Backup
from drtui.core.model.reply import Reply, ReplyKind
from drtui.core.model.site import DrSettings, Schedule
from drtui.core.model.site_state import Fetched
from drtui.core.operations.facts import Facts
from drtui.core.operations.progress import OperationKey, Submission
from drtui.core.operations.request import Change, CreateBackup
from tests.conftest import NOW
from tests.core.points import full_site

CREATE = CreateBackup("vault", "pre-upgrade", NOW + 30 * DAY)
NIGHTLY = Schedule(
    "t1", "CreateBackup", "nightly", "nightly", "vault", "active", active=True, cron="0 0 2 * * ?",
    retention_offset=7 * DAY, created=NOW - 90 * DAY, last_start=NOW - 12 * 60 * MINUTE,
)  # fmt: skip
STAGED = DrSettings(7200, "DYNAMIC", "gp3", "64Gi")
ADMINISTRATOR = Account("siteadmin", "org_admin", ("portal:admin:manageSecurity",))


def facts_of(*backups: Backup, facts: dict[str, Any] | None = None, **changes: Any) -> Facts:
    """Return the facts about an idle site with staging volume, one store and these backups.

    Args:
        backups: backups in the store `vault`.
        facts: changed fields of the facts.
        changes: changed fields of the site state; a bare value becomes a live answer.
    """
    answers = {
        "settings": Fetched(NOW, STAGED),
        "schedules": Fetched(NOW, (NIGHTLY,)),
        "mode": Fetched(NOW, SiteMode(is_read_only=False)),
        "account": Fetched(NOW, ADMINISTRATOR),
        **changes,
    }
    state = full_site(*backups, **answers)
    return replace(Facts(assess(state, NOW), user="siteadmin"), **(facts or {}))


def submission_of(change: Change = CREATE, kind: ReplyKind = ReplyKind.ACCEPTED, **changes: Any) -> Submission:
    """Return a change sent at NOW, after another backup had ended."""
    before = OperationKey("Backup", "vault", "nightly-1", NOW - 12 * 60 * MINUTE)
    reply = Reply(kind, "no answer" if kind is not ReplyKind.ACCEPTED else "", job="j1")
    return replace(Submission(change, NOW, reply, before=before, release="11.4.0", id="c1"), **changes)
