"""Plugin output: the first line fits its limit, and findings left out there follow in full."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.formatting.times import UTC
from drtui.core.model.site import Schedule
from drtui.core.model.site_state import Fetched
from drtui.core.summary.health_check import Check, Finding, Grade, check_health, make_unknown_check
from drtui.output.monitoring import MAX_LINE_BYTES, as_check_json, as_plugin
from tests.conftest import NOW
from tests.core.points import backup, full_site

FINE = check_health(assess(full_site(backup("a", 3)), NOW), DAY, 2 * DAY)
SCHEDULES = tuple(
    Schedule(f"t{n}", "CreateBackup", f"schedule {n}", f"s{n}", "vault", "active", active=True, cron="0 0 2 * * ?",
             created=NOW - 9 * DAY)
    for n in range(120)
)  # fmt: skip


def size(line: str) -> int:
    """Return the size of a line, bytes: the larger of UTF-8 and ASCII with escapes."""
    return max(len(line.encode()), len(line.encode("ascii", "backslashreplace")))


def test_plugin_is_one_line_when_there_is_room() -> None:
    output = "newest usable restore point is 3 h old (a)"
    data = "age=10800s;86400;172800;0 missed=0;;;0 failed=0;;;0 usable=1;;;0 total=1;;;0 timeout_share=4%;;;0"
    assert as_plugin(FINE) == f"OK: {output} | {data}\n"


def test_plugin_tells_the_first_and_a_count_when_120_schedules_are_overdue() -> None:
    result = check_health(assess(full_site(backup("a", 3), schedules=Fetched(NOW, SCHEDULES)), NOW), DAY, 2 * DAY)
    first, *details = as_plugin(result).splitlines()
    assert size(first) < MAX_LINE_BYTES
    text, _, data = first.partition(" | ")
    assert text.startswith("WARNING: last 9 runs of schedule 0 missed since ")
    assert data.startswith("age=10800s;86400;172800;0 missed=")
    assert data.endswith("timeout_share=4%;;;0")
    displayed = text.count(" missed since ")
    assert text.endswith(f"; and {len(result.findings) - displayed} more")
    assert [line.partition(": ")[2] for line in details] == [finding.text for finding in result.findings]
    assert len(json.loads(as_check_json(result, DisplayContext(NOW, UTC)))["findings"]) == len(result.findings)


def test_plugin_cuts_a_long_name_when_it_has_no_room() -> None:
    first, *details = as_plugin(
        check_health(assess(full_site(backup("é" * 4_000, 30)), NOW), DAY, 2 * DAY)
    ).splitlines()
    assert size(first) < MAX_LINE_BYTES
    assert "..." in first
    assert first.count(" | age=") == 1
    assert "é" * 4_000 in details[0]


@pytest.mark.parametrize(
    ("sizes", "displayed"),
    [
        ((10,) * 3 + (200,) * 5, [10] * 3 + [200] * 4),
        ((200,) * 9, [200] * 4),
        ((1_000, 10), [200, 10]),
        ((10, 1_000), [10, 200]),
    ],
    ids=str,
)
def test_plugin_s_first_line_has_as_many_findings_as_fit_when_not_all_do(
    sizes: tuple[int, ...], displayed: list[int]
) -> None:
    findings = tuple(Finding(Grade.WARNING, "x", "x" * size) for size in sizes)
    first = as_plugin(Check(Grade.WARNING, findings, 0, 0)).split("\n")[0]
    texts = first.removeprefix("WARNING: ").split("; ")
    more = len(sizes) - len(displayed)
    assert [len(text) for text in texts if text.startswith("x")] == displayed
    assert [text for text in texts if not text.startswith("x")] == ([f"and {more} more"] if more else [])


@given(
    st.lists(st.text(st.characters(codec="utf-8", min_codepoint=32), min_size=1, max_size=600), max_size=40),
    st.booleans(),
)
def test_plugin_line_fits_into_its_limit_when_findings_are_many_or_long(texts: list[str], with_figures: bool) -> None:
    findings = tuple(Finding(Grade.WARNING, "x", text) for text in texts) or FINE.findings
    result = replace(FINE if with_figures else make_unknown_check("x"), grade=Grade.WARNING, findings=findings)
    first = as_plugin(result).split("\n")[0]
    assert size(first) + 1 <= MAX_LINE_BYTES
    assert first.startswith("WARNING: ")
    assert first.count("|") == (1 if with_figures else 0)
    if with_figures:
        assert first.endswith("timeout_share=4%;;;0")


@pytest.mark.parametrize("text", ["a\nb", "a | b=3"])
def test_plugin_keeps_its_shape_when_a_text_holds_what_is_reserved(text: str) -> None:
    out = as_plugin(Check(Grade.UNKNOWN, (Finding(Grade.UNKNOWN, "x", text),), 0, 0))
    assert (out.count("\n"), out.count("|")) == (1, 0)


def test_check_json_has_unread_resources_with_cause() -> None:
    document = json.loads(
        as_check_json(
            check_health(assess(full_site(backup("a", 3), status=None), NOW), DAY, 2 * DAY),
            DisplayContext(NOW, UTC),
        )
    )
    assert document["unread_resources"] == ["status"]
    (finding,) = [row for row in document["findings"] if row["unknown"]]
    assert finding == {
        "state": "ok",
        "code": "status-unread",
        "text": "operation unknown: status not read",
        "unknown": True,
        "resources": ["status"],
        "cause": "not-read",
    }
    assert document["rpo"]["age_ms"] == 3 * HOUR
