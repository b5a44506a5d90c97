"""Prometheus metrics for any name and number of sites."""

import re

from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.durations import DAY
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site_state import Fetched
from drtui.core.summary.health_check import Finding, Grade, check_health, make_unknown_check
from drtui.output.prometheus import as_prometheus
from tests.conftest import NOW
from tests.core.points import backup, full_site, site_of

FINE = check_health(assess(site_of(backup("a", 3)), NOW), DAY, 2 * DAY)
DOWN = Failure(FailureKind.UNREACHABLE, "dns", "no host is called gis")
SAMPLE = re.compile(r'drtui_[a-z_]+(?:\{(?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)+\})? [0-9.]+')


def test_as_prometheus_keeps_samples_of_a_metric_together() -> None:
    lines = as_prometheus({"prod": FINE, "dr": FINE, "new": make_unknown_check("not asked")}).splitlines()
    metrics = [line.split()[2] for line in lines if line.startswith("# HELP ")]
    assert len(set(metrics)) == len(metrics)
    current = ""
    for line in lines:
        if line.startswith("#"):
            current = line.split()[2]
        else:
            assert SAMPLE.fullmatch(line)
            assert re.match(r"[a-z_]+", line)[0] == current  # type: ignore[index]
    assert [line for line in lines if 'site="new"' in line] == [
        'drtui_check_state{site="new"} 3',
        'drtui_findings{site="new",code="not-asked",state="unknown"} 1',
    ]


def test_as_prometheus_escapes_labels() -> None:
    text = as_prometheus({'a"b\\c\nd': FINE})
    assert 'drtui_check_state{site="a\\"b\\\\c\\nd"} 0\n' in text
    assert all(line.startswith("#") or SAMPLE.fullmatch(line) for line in text.splitlines())


def test_as_prometheus_omits_missed_runs_when_they_are_unknown() -> None:
    assert "missed_runs" not in as_prometheus({"prod": FINE})


def test_as_prometheus_labels_every_sample_with_its_site() -> None:
    lines = [line for line in as_prometheus({"prod": FINE}).splitlines() if not line.startswith("#")]
    assert all('{site="prod"' in line for line in lines)
    verdicts = {line.partition('verdict="')[2].partition('"')[0] for line in lines if "verdict=" in line}
    assert verdicts == {"usable", "doubtful", "cannot_tell", "expired", "not_usable", "running"}


def test_as_prometheus_has_timestamps_beside_ages() -> None:
    samples = dict(line.rsplit(" ", 1) for line in as_prometheus({"prod": FINE}).splitlines() if line[0] != "#")
    hours = 3_600
    assert samples['drtui_newest_usable_timestamp_seconds{site="prod"}'] == f"{NOW / 1000 - 3 * hours:.3f}"
    assert samples['drtui_read_timestamp_seconds{site="prod"}'] == f"{NOW / 1000:.3f}"
    last = f"{NOW / 1000 - 3 * hours + 14 * 24 * hours:.3f}"
    assert samples['drtui_last_usable_expires_timestamp_seconds{site="prod"}'] == last


def test_as_prometheus_has_a_sample_for_each_resource_when_figures_are_unknown() -> None:
    broken = site_of(backup("a", 3), backups={"vault": Fetched(NOW, failure=DOWN)})
    text = as_prometheus({"prod": check_health(assess(broken, NOW), DAY, 2 * DAY)})
    assert 'drtui_resource_read{site="prod",resource="backups"} 0\n' in text
    assert 'drtui_resource_read{site="prod",resource="stores"} 1\n' in text
    assert 'drtui_resource_read{site="prod",resource="schedules"} 0\n' in text
    assert "restore_points" not in text


def test_findings_are_counted_by_code_and_state() -> None:
    too_old = check_health(assess(full_site(backup("a", 30)), NOW), DAY, 2 * DAY)
    assert 'drtui_findings{site="prod",code="too-old",state="warning"} 1\n' in as_prometheus({"prod": too_old})
    finding = Finding(Grade.WARNING, "vanished", "a backup vanished")
    twice = replace(too_old, findings=(finding, finding, *too_old.findings))
    assert 'drtui_findings{site="prod",code="vanished",state="warning"} 2\n' in as_prometheus({"prod": twice})


def test_metrics_have_figures_when_only_strictness_makes_it_unknown() -> None:
    strict = check_health(assess(site_of(backup("a", 3)), NOW), DAY, 2 * DAY, strict=True)
    text = as_prometheus({"prod": strict})
    assert 'drtui_check_state{site="prod"} 3\n' in text
    assert 'drtui_restore_points{site="prod",verdict="usable"} 1\n' in text


def test_metrics_are_the_promised_ones_when_everything_was_read() -> None:
    complete = check_health(assess(full_site(backup("a", 3)), NOW), DAY, 2 * DAY)
    names = [line.split()[2] for line in as_prometheus({"prod": complete}).splitlines() if line.startswith("# TYPE ")]
    assert names == [
        "drtui_check_state",
        "drtui_findings",
        "drtui_judged_timestamp_seconds",
        "drtui_read_timestamp_seconds",
        "drtui_resource_read",
        "drtui_newest_usable_timestamp_seconds",
        "drtui_newest_usable_age_seconds",
        "drtui_target_seconds",
        "drtui_restore_points",
        "drtui_missed_runs",
        "drtui_failed_runs",
        "drtui_last_usable_expires_timestamp_seconds",
        "drtui_timeout_share",
    ]
