"""The text exposition format: whatever a site is called, and however many there are."""

import re

from drtui.model.check import check, unknown
from drtui.model.judgement import judgement
from drtui.model.moment import DAY
from drtui.report.prometheus import as_prometheus
from tests.conftest import NOW
from tests.model.points import backup, reading

FINE = check(judgement(reading(backup("a", 3)), NOW), DAY, 2 * DAY)
SAMPLE = re.compile(r'drtui_[a-z_]+(?:\{(?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)+\})? [0-9.]+')


def test_each_metric_stands_in_one_piece() -> None:
    lines = as_prometheus({"prod": FINE, "dr": FINE, "new": unknown("not asked")}).splitlines()
    metrics = [line.split()[2] for line in lines if line.startswith("# HELP ")]
    assert len(set(metrics)) == len(metrics)
    current = ""
    for line in lines:
        if line.startswith("#"):
            current = line.split()[2]
        else:
            assert SAMPLE.fullmatch(line)
            assert re.match(r"[a-z_]+", line)[0] == current  # type: ignore[index]
    assert 'drtui_check_state{site="new"} 3' in lines
    assert not [line for line in lines if 'site="new"' in line and "check_state" not in line]


def test_labels_are_escaped() -> None:
    text = as_prometheus({'a"b\\c\nd': FINE})
    assert 'drtui_check_state{site="a\\"b\\\\c\\nd"} 0\n' in text
    assert all(line.startswith("#") or SAMPLE.fullmatch(line) for line in text.splitlines())


def test_an_only_site_needs_no_label() -> None:
    assert "\ndrtui_check_state 0\n" in as_prometheus({"": FINE})


def test_missed_runs_that_nobody_can_know_of_are_absent() -> None:
    assert "missed_runs" not in as_prometheus({"": FINE})
