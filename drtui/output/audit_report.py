"""The report on a period: every restore point with its verdict, what is missing, and what was not checked."""

from collections.abc import Iterator, Sequence
from typing import Any, Self

import msgspec
from msgspec import Struct

from drtui import __version__
from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import DAY, format_age, format_duration, format_elapsed, format_full
from drtui.core.model.site_state import DeletedBackup
from drtui.core.schedules.failed_runs import Run
from drtui.core.schedules.gaps import Gap
from drtui.core.schedules.schedule_runs import ScheduleRuns
from drtui.core.summary.freshness import stale_data_warning
from drtui.core.summary.headline import headline
from drtui.core.summary.labels import age_text, expiry_text, level_label, origin_text
from drtui.core.verdict.restore_points import RestorePoint, verdict_context
from drtui.core.verdict.verdict import Level
from drtui.output.assessment import NONE_WHOLE, deleted_object, rpo_object, runs_object
from drtui.output.formats import SCHEMA, code, moment_object, plain
from drtui.output.restore_points import restore_point_object
from drtui.output.schedules import failed_run_object, schedule_runs_object

NOT_CHECKED = (
    "whether any of these restore points restores: nothing here has tried one",
    "sizes, checksums and contents of what is stored: the API does not tell them",
    "whether the passcode of a restore point is known to anybody",
    "host name, registry, cluster domain and volumes of a site to restore to",
    "restore points that were removed before this was read",
)
"""What nobody may read into the report."""


class AuditPeriod(Struct, frozen=True):
    """What falls into the last days."""

    judged: Assessment
    days: int
    begin: int
    """Epoch ms."""
    points: tuple[RestorePoint, ...]
    """Those that started in it or do not say when, newest first."""
    gaps: tuple[Gap, ...]
    missed: tuple[tuple[ScheduleRuns, Run], ...]
    failed_runs: tuple[tuple[ScheduleRuns, Run], ...]
    vanished: tuple[DeletedBackup, ...]
    """Those that history knows to have gone before their retention date."""

    @classmethod
    def of(cls, judged: Assessment, days: int) -> Self:
        """The last `days` days before the moment of the judgement."""
        begin = judged.now - days * DAY
        within = [p for p in judged.points if p.backup.start is None or begin <= p.backup.start <= judged.now]
        within.sort(key=lambda p: (-(p.backup.start or 0), p.id))
        gaps = tuple(gap for gap in judged.schedules.gaps if gap.end > begin)
        missed = tuple(m for m in judged.schedules.missed_runs if m[1].at >= begin)
        failed = tuple(each for each in judged.schedules.failed_runs if each[1].at >= begin)
        return cls(
            judged, days, begin, tuple(within), gaps, missed, failed, judged.site_state.history.early_deletions(begin)
        )

    @property
    def failed(self) -> tuple[RestorePoint, ...]:
        """Those that were not complete when they were made."""
        return tuple(p for p in self.points if p.verdict.level is Level.NOT_USABLE and not _only_release(p))

    @property
    def findings(self) -> bool:
        """Whether there is anything an auditor would ask about."""
        unmade = self.gaps or self.missed or self.failed_runs or self.failed or self.vanished
        return bool(unmade) or not self.judged.rpo.is_met


def _only_release(found: RestorePoint) -> bool:
    """Whether nothing but the release stands against it, which is no failure."""
    against = {reason.code for reason in found.verdict.reasons if reason.level is Level.NOT_USABLE}
    return against == {"other-release"}


def as_report(period: AuditPeriod, view: DisplayContext) -> str:
    """The report as Markdown: the same bytes for the same answers and the same moment."""
    sections = (
        _heading,
        _summary,
        _gap_lines,
        _missed_lines,
        _failed_run_lines,
        _failed_lines,
        _vanished_lines,
        _point_lines,
        _unread,
        _not_checked,
    )
    return "".join(f"{line}\n" for section in sections for line in section(period, view))


def _heading(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    judged = period.judged
    yield f"# Restore points of the last {period.days} days"
    yield ""
    release = verdict_context(judged.site_state, judged.now).release or "not known"
    yield f"* Site: {code(judged.site_state.location)}, release {release}"
    yield f"* Period: {format_full(period.begin, view.zone)} to {format_full(judged.now, view.zone)}"
    yield f"* Read: {format_full(judged.site_state.listed_at, view.zone)}, with drtui {__version__}"
    mark = stale_data_warning(judged.site_state, judged.now, view.zone)
    if mark:
        yield f"* **{plain(mark[:1].upper() + mark[1:])}**"
    yield f"* Target (RPO): {format_duration(judged.target)}"
    yield ""


def _summary(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    yield "## In short"
    yield ""
    for each in headline(period.judged):
        yield f"* {plain(each.text)}"
    yield from _runways(period.judged, view)
    counts = ", ".join(
        f"{sum(p.verdict.level is level for p in period.points)} {level_label(level).word}" for level in Level
    )
    yield f"* In the period: {len(period.points)} restore points ({counts})"
    failed = plural(len(period.failed), "failed restore point", "failed restore points")
    yield f"* {_gaps(period)}, {_missed(period)}, {_failed(period)}, {failed}"
    yield ""


def _gaps(period: AuditPeriod) -> str:
    """How many there are, where that can be counted."""
    if period.judged.schedules.has_no_complete_backup and not period.gaps:
        return "gaps unknown"
    return f"{plural(len(period.gaps), 'gap', 'gaps')} longer than the target"


def _missed(period: AuditPeriod) -> str:
    """How many there are; none only where that is certain."""
    if period.judged.missed_count is None and not period.missed:
        return "missed runs unknown"
    return plural(len(period.missed), "missed run", "missed runs")


def _failed(period: AuditPeriod) -> str:
    """Return how many scheduled runs failed; none only where that is certain."""
    if period.judged.failed_count is None and not period.failed_runs:
        return "failed runs unknown"
    return plural(len(period.failed_runs), "failed run", "failed runs")


def _runways(judged: Assessment, view: DisplayContext) -> Iterator[str]:
    """What goes when, and what is kept: the headline says so only when it is near."""
    found = judged.rpo
    if found.retention is not None:
        last = (
            f"goes {_goes(found.retention.last_expiry, view)}"
            if found.retention.last_expiry is not None
            else "has no end of retention"
        )
        following = found.retention.next_to_expire
        yield f"* Without a new backup the last usable one {last}" + (
            f"; the next to go is {code(following.backup.name)}, {_goes(following.backup.retention, view)}"
            if following is not None
            else ""
        )
    if found.timeout is not None:
        limit = f"{format_duration(found.timeout.limit)}{' (the default)' if found.timeout.is_limit_assumed else ''}"
        trend = (
            "" if found.timeout.trend is None else f", the newer half took {found.timeout.trend:.0%} of the older half"
        )
        longest = f"{format_elapsed(found.timeout.duration)}, {found.timeout.share:.0%} of the limit of {limit}"
        yield f"* Longest recent backup: {longest}{trend}"
    if found.kept_forever:
        oldest = found.kept_forever[0].backup
        kept = plural(len(found.kept_forever), "restore point is", "restore points are")
        yield f"* {kept} kept forever, the oldest is {code(oldest.name)} of {format_full(oldest.start, view.zone)}"


def _goes(until: int | None, view: DisplayContext) -> str:
    """A moment of retention with how far it is away."""
    return "never" if until is None else f"{format_full(until, view.zone)} ({age_text(until, view.now)})"


def _gap_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    yield "## Gaps longer than the target"
    yield ""
    for gap in period.gaps:
        end = "now" if gap.is_open else format_full(gap.end, view.zone)
        yield f"* {format_age(gap.length)}: {format_full(gap.start, view.zone)} to {end}"
    if period.judged.schedules.has_no_complete_backup:
        yield f"{NONE_WHOLE[:1].upper()}{NONE_WHOLE[1:]}."
    elif not period.gaps:
        yield "None."
    for worst in period.judged.schedules.worst_gaps:
        length = format_age(worst.gap.length) if worst.gap else "not known"
        since = f" (known from {format_full(worst.since, view.zone)} only)" if worst.since is not None else ""
        yield f"* Worst in {worst.days} days: {length}{since}"
    yield ""


def _missed_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    yield "## Missed runs"
    yield ""
    for each in period.judged.schedules.schedules:
        if each.learned_because:
            reason = plain(each.learned_because)
            yield f"Runs of {plain(each.title)} are learned from the names of its backups: {reason}."
            yield ""
    for found, run in period.missed:
        yield f"* {plain(found.title)}, due {format_full(run.at, view.zone)}"
    if not period.missed:
        yield "None known."
    for found in period.judged.schedules.schedules:
        if found.unknown_reason:
            yield f"* Runs of {plain(found.title)} cannot be told: {plain(found.unknown_reason)}"
    yield ""


def _failed_run_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    yield "## Failed runs"
    yield ""
    for made_by, run in period.failed_runs:
        name = "" if run.backup is None else f", {code(run.backup.name)}"
        yield f"* {plain(made_by.title)}, due {format_full(run.at, view.zone)}{name}: {plain(run.reason)}"
    if not period.failed_runs:
        yield "None known."
    yield ""


def _failed_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    yield "## Failed"
    yield ""
    for each in period.failed:
        started = format_full(each.backup.start, view.zone)
        yield f"* {code(each.backup.name)}, {started}: {plain(each.verdict.main.text)}"
    if not period.failed:
        yield "None."
    yield ""


def _vanished_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    if not period.vanished:
        return
    yield "## Vanished before the retention date"
    yield ""
    for each in period.vanished:
        span = f"between {format_full(each.last_seen, view.zone)} and {format_full(each.missing_since, view.zone)}"
        yield f"* {code(each.backup.name)} in {code(each.backup.store)}, {span}"
    yield ""


def _point_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    yield "## Every restore point"
    yield ""
    yield "| name | store | verdict | started | took | kind | expires | release |"
    yield "|---|---|---|---|---|---|---|---|"
    for each in period.points:
        backup = each.backup
        cells: Sequence[str] = (
            backup.name, backup.store, level_label(each.verdict.level).word, format_full(backup.start, view.zone),
            format_elapsed(backup.duration), origin_text(backup), expiry_text(backup, view.now), backup.release or "-",
        )  # fmt: skip
        yield f"| {' | '.join(map(plain, cells))} |"
    yield ""


def _unread(period: AuditPeriod, _: DisplayContext) -> Iterator[str]:
    troubles = period.judged.site_state.failures
    if not troubles:
        return
    yield "## Could not be read"
    yield ""
    for name, trouble in troubles:
        yield f"* {plain(name)}: {plain(trouble.line)}"
    yield ""


def _not_checked(_: AuditPeriod, __: DisplayContext) -> Iterator[str]:
    yield "## Not checked"
    yield ""
    for each in NOT_CHECKED:
        yield f"* {each}"


def report_json(period: AuditPeriod, view: DisplayContext) -> str:
    """The report for machines."""
    judged = period.judged
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "version": __version__,
        "site": judged.site_state.location,
        "read_at": moment_object(judged.site_state.listed_at, view.zone),
        "assessed_at": moment_object(judged.now, view.zone),
        "from": moment_object(period.begin, view.zone),
        "days": period.days,
        "rpo": rpo_object(judged.rpo, view),
        "gaps": [
            {"from": moment_object(g.start, view.zone), "to": moment_object(g.end, view.zone), "open": g.is_open}
            for g in period.gaps
        ],
        "schedules": [schedule_runs_object(each, view) for each in judged.schedules.schedules],
        "missed_run_details": [
            {"schedule": p.title, "due": moment_object(run.at, view.zone)} for p, run in period.missed
        ],
        "failed_restore_points": [each.backup.name for each in period.failed],
        "failed_run_details": [{"schedule": p.title, **failed_run_object(run, view)} for p, run in period.failed_runs],
        **runs_object(judged),
        "deleted_early": [deleted_object(each, view) for each in period.vanished],
        "restore_points": [restore_point_object(each, view) for each in period.points],
        "failures": [{"resource": name, "code": t.code, "text": t.line} for name, t in judged.site_state.failures],
        "not_checked": list(NOT_CHECKED),
    }
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"
