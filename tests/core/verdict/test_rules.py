"""Verdicts: levels, reasons and evidence for each rule."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.model.backup import INFRASTRUCTURE, NEVER, OBJECT, RELATIONAL, Backup, PackedParts, Part
from drtui.core.model.site import DrStatus, Release
from drtui.core.verdict.rules import Level, SiteFacts, judge
from drtui.core.wire import backups, responses
from drtui.core.wire.backup_schema import record_json
from drtui.core.wire.backups import BackupDecoder
from tests.conftest import NOW
from tests.core.records import one, record

HOUR = 3_600_000
PARTS = tuple(Part(kind, "completed", NOW - HOUR, NOW - HOUR // 2) for kind in (RELATIONAL, OBJECT, INFRASTRUCTURE))
GOOD = Backup(
    "nightly", "default", status="completed", start=NOW - HOUR, end=NOW - HOUR // 2, retention=NOW + HOUR,
    release="11.4.0", backup_type="FULL", parts=PARTS,
)  # fmt: skip
UNDATED = tuple(replace(part, start=None, end=None) for part in PARTS)
HERE = SiteFacts(NOW, Release.parse("11.4"))
UNKNOWN_PART = Part("bigDataStore", "failed")


def failed(position: int, status: str | None) -> tuple[Part, ...]:
    return tuple(replace(part, status=status) if n == position else part for n, part in enumerate(PARTS))


def test_levels_sort_from_usable_to_running() -> None:
    names = ["USABLE", "DOUBTFUL", "CANNOT_TELL", "EXPIRED", "NOT_USABLE", "RUNNING"]
    assert [level.name for level in sorted(Level)] == names


def test_verdict_is_usable_when_everything_is_completed() -> None:
    verdict = judge(GOOD, HERE)
    assert (verdict.level, verdict.main.code) == (Level.USABLE, "all-completed")
    assert "verified" not in verdict.main.text


@pytest.mark.parametrize(
    ("change", "level", "code"),
    [
        ({"status": "failed"}, Level.NOT_USABLE, "own-status"),  # R1
        ({"status": None}, Level.NOT_USABLE, "own-status"),  # R1
        ({"status": "completed_with_warnings"}, Level.NOT_USABLE, "own-status"),  # R1
        ({"status": "COMPLETED"}, Level.USABLE, "all-completed"),  # R1
        ({"parts": failed(0, "failed")}, Level.NOT_USABLE, "part-status"),  # R2
        ({"parts": failed(1, "anything")}, Level.NOT_USABLE, "part-status"),  # R2
        ({"parts": failed(2, None)}, Level.NOT_USABLE, "part-status"),  # R2
        ({"parts": PARTS[:2]}, Level.CANNOT_TELL, "part-missing"),  # R2
        ({"parts": ()}, Level.CANNOT_TELL, "part-missing"),  # R2
        ({"parts": (*PARTS, UNKNOWN_PART)}, Level.NOT_USABLE, "part-status"),  # section H
        ({"end": None}, Level.NOT_USABLE, "no-completion"),  # R7
        ({"start": None}, Level.CANNOT_TELL, "no-start"),
        ({"start": NOW + 11 * 60_000}, Level.CANNOT_TELL, "future-start"),
        ({"start": NOW + 10 * 60_000, "end": NOW + 10 * 60_000, "parts": UNDATED}, Level.USABLE, "all-completed"),
        ({"end": NOW + 10 * 60_000 + 1}, Level.CANNOT_TELL, "future-completion"),  # R7
        ({"end": NOW - HOUR - 1}, Level.CANNOT_TELL, "times-disagree"),  # R5
        ({"end": NOW - HOUR, "parts": UNDATED}, Level.USABLE, "all-completed"),
        ({"end": NOW // 1000}, Level.CANNOT_TELL, "times-disagree"),  # R50: seconds
        ({"backup_type": "INCREMENTAL"}, Level.DOUBTFUL, "not-full"),  # R9
        ({"backup_type": ""}, Level.DOUBTFUL, "not-full"),  # R9
        ({"release": "11.3.0"}, Level.NOT_USABLE, "other-release"),  # R12
        ({"release": "11.4.0.6300"}, Level.USABLE, "all-completed"),  # R13
        ({"release": "11.40"}, Level.NOT_USABLE, "other-release"),  # R14
        ({"release": ""}, Level.CANNOT_TELL, "release-missing"),
        ({"release": "11.4.x"}, Level.CANNOT_TELL, "release-unreadable"),
        ({"retention": NOW}, Level.EXPIRED, "expired"),  # R40
        ({"retention": NEVER}, Level.USABLE, "all-completed"),  # R41
        ({"retention": None}, Level.USABLE, "all-completed"),  # R41
    ],
)
def test_verdict_level_and_code_follow_each_rule(change: dict[str, object], level: Level, code: str) -> None:
    verdict = judge(replace(GOOD, **change), HERE)
    assert (verdict.level, verdict.main.code) == (level, code)


NAMED = (Part(RELATIONAL, "completed", cluster="r1"), Part(OBJECT, None, cluster="o1"), Part("bigData", "Failed"))
GOING = DrStatus("in_progress", operation="Backup", backup="nightly", store="default")


@pytest.mark.parametrize(
    ("change", "facts", "reasons"),
    [
        (
            {},
            HERE,
            [("all-completed", "all parts completed, same release as the site", "")],
        ),
        ({"status": "Halted"}, HERE, [("own-status", 'status is "Halted", not "completed"', "Halted")]),
        ({"status": None}, HERE, [("own-status", "status is missing", "")]),
        ({"end": None}, HERE, [("no-completion", "no completion time", "")]),
        ({"start": None}, HERE, [("no-start", "no start time: age unknown", "")]),
        (
            {"start": NOW + HOUR, "end": NOW + HOUR},
            HERE,
            [("future-start", "starts in the future: the clocks of the site and this machine differ", str(NOW + HOUR))],
        ),
        (
            {"end": NOW + HOUR},
            HERE,
            [
                (
                    "future-completion",
                    "completes in the future: the clocks of the site and this machine differ",
                    str(NOW + HOUR),
                )
            ],
        ),
        (
            {"end": 7},
            HERE,
            [
                (
                    "times-disagree",
                    "completed before it started: a time is wrong, age unknown",
                    f"{NOW - HOUR}, 7",
                )
            ],
        ),
        (
            {"parts": NAMED},
            HERE,
            [
                ("part-status", "object store o1 is missing", ""),
                ("part-status", 'bigData is "Failed", not "completed"', "Failed"),
                ("parts-disagree", "marked completed, but not all parts are", "objectStore, bigData"),
                (
                    "part-missing",
                    "no infrastructure in the record: it may be incomplete",
                    "infrastructures",
                ),
            ],
        ),
        (
            {"status": "failed", "parts": failed(0, "failed")},
            HERE,
            [
                ("own-status", 'status is "failed", not "completed"', "failed"),
                ("part-status", 'relational store is "failed", not "completed"', "failed"),
            ],
        ),  # R3: they agree
        ({"release": ""}, HERE, [("release-missing", "no release in the record", "")]),
        ({"release": "x"}, HERE, [("release-unreadable", 'release "x" is not a version number', "x")]),
        (
            {},
            SiteFacts(NOW, None),
            [("site-release-unknown", "release of the site unknown; only 11.4.0 can restore it", "11.4.0")],
        ),
        (
            {"release": "11.3.0"},
            HERE,
            [
                (
                    "other-release",
                    "from release 11.3.0, this site runs 11.4: restore needs the same release",
                    "11.3.0",
                )
            ],
        ),
        (
            {"release": "11.4.0.7"},
            SiteFacts(NOW, Release.parse("11.4.0.8")),
            [
                (
                    "all-completed",
                    "all parts completed, same release as the site",
                    "",
                ),
                (
                    "other-build",
                    "from build 11.4.0.7, this site runs build 11.4.0.8 of the same release",
                    "11.4.0.7",
                ),
            ],
        ),
        ({"retention": 5}, HERE, [("expired", "past its retention date: may be deleted at any time", "5")]),
        (
            {"backup_type": "DELTA"},
            HERE,
            [("not-full", 'type is "DELTA", not FULL: may depend on another backup', "DELTA")],
        ),
        (
            {"backup_type": ""},
            HERE,
            [("not-full", "type is not given, not FULL: may depend on another backup", "")],
        ),
        ({}, SiteFacts(NOW, HERE.release, GOING), [("running", "still running", "in_progress")]),
    ],
)
def test_reasons_have_text_and_evidence(
    change: dict[str, object], facts: SiteFacts, reasons: list[tuple[str, str, str]]
) -> None:
    actual = judge(replace(GOOD, **change), facts).reasons
    assert [(reason.code, reason.text, reason.evidence) for reason in actual] == reasons


@pytest.mark.parametrize(
    ("status", "level", "code"),
    [
        *[(word, Level.USABLE, "all-completed") for word in ("completed", "success", "SUCCEEDED", " Success ")],
        *[
            (word, Level.NOT_USABLE, "part-status")
            for word in ("failed", "Failure", "error", "CANCELLED", "timed out", "TIMED-OUT", "timeout", "Aborted")
        ],
        *[
            (word, Level.CANNOT_TELL, "part-state-unknown")
            for word in (None, "", "in_progress", "completed_with_warnings", "ok", "complete", "no_op", "unsuccessful")
        ],
    ],
)
def test_verdict_depends_on_state_of_undocumented_parts(status: str | None, level: Level, code: str) -> None:
    verdict = judge(replace(GOOD, parts=(*PARTS, Part("bigDataStore", status))), HERE)
    assert (verdict.level, verdict.main.code) == (level, code)


@pytest.mark.parametrize("status", ["success", "succeeded", "ok"])
def test_verdict_is_not_usable_when_documented_part_has_another_good_word(status: str) -> None:
    assert judge(replace(GOOD, parts=failed(1, status)), HERE).main.code == "part-status"


def test_reason_quotes_status_of_undocumented_part() -> None:
    for status, text in (
        ("queued", 'bigData: unknown status "queued", completion unknown'),
        (None, "bigData: no status, completion unknown"),
    ):
        assert judge(replace(GOOD, parts=(*PARTS, Part("bigData", status))), HERE).main.text == text


START, END = NOW - HOUR, NOW - HOUR // 2
MINUTE = 60_000
DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [
        (START, END, "all-completed"),
        (START - 10 * MINUTE, END + 10 * MINUTE, "all-completed"),
        (START - 10 * MINUTE - 1, END, "part-outside"),
        (START, END + 10 * MINUTE + 1, "part-outside"),
        (START - 400 * DAY, START - 400 * DAY + MINUTE, "part-outside"),
        (START - 400 * DAY, None, "part-outside"),
        (None, END + DAY, "part-in-future"),
        (NOW + DAY, NOW + DAY + 1, "part-in-future"),
        (START + 2, START + 1, "part-times-disagree"),
        (START + 1, START + 1, "all-completed"),
        (START // 1000, END // 1000, "part-outside"),  # R50: seconds
        (None, None, "all-completed"),
        (START, None, "all-completed"),
        (None, END, "all-completed"),
    ],
)
@pytest.mark.parametrize("position", [0, 1, 2])
@pytest.mark.parametrize("dated", [False, True])
def test_verdict_is_cannot_tell_when_part_was_captured_at_another_time(
    begin: int | None, end: int | None, code: str, position: int, dated: bool
) -> None:
    parts: tuple[Part, ...] | PackedParts = tuple(
        replace(part, start=begin, end=end) if number == position else part for number, part in enumerate(PARTS)
    )
    if dated:
        parts = PackedParts.pack(UNDATED, [moment or 0 for part in parts for moment in (part.start, part.end)])
    verdict = judge(replace(GOOD, parts=parts), HERE)
    assert (verdict.main.code, len(verdict.reasons)) == (code, 1)
    assert verdict.level is (Level.USABLE if code == "all-completed" else Level.CANNOT_TELL)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"end": None}, "part-in-future"),
        ({"start": None}, "part-in-future"),
        ({"start": NOW + HOUR, "end": NOW + 2 * HOUR}, "future-start"),
    ],
)
def test_verdict_checks_times_of_parts_when_a_time_of_the_backup_is_missing(
    change: dict[str, object], code: str
) -> None:
    late = (*PARTS, Part("bigDataStore", "success", NOW + 2 * HOUR, NOW + 3 * HOUR))
    codes = {reason.code for reason in judge(replace(GOOD, parts=late, **change), HERE).reasons}
    assert code in codes


@pytest.mark.parametrize(
    "sent",
    [
        *('"abc"', '""', "true", "false", "-2", "0", "-1.5", str(2**63), "-1790000000000", "1e400", "-1e400", "NaN"),
        *("Infinity", "[]", "[1790000000000]", '{"date": 1790000000000}', '"Apr 22, 2027, 2:00:00 AM"', '"2027-04-22"'),
    ],
)
def test_verdict_is_doubtful_when_retention_is_unreadable(sent: str) -> None:
    body = json.dumps(record(retentionDate="@", release="11.4.0")).replace('"@"', sent)
    (backup,) = backups.decode_backups(responses.parse_document(b'{"backups": [%s]}' % body.encode()), "vault")
    again = BackupDecoder("vault").decode_saved(record_json(backup))
    for decoded in (backup, again):
        verdict = judge(decoded, HERE)
        assert (verdict.level, verdict.main.code) == (Level.DOUBTFUL, "retention-unreadable")
        assert verdict.main.text.startswith("unreadable retention date: ")
        assert len(verdict.main.text) < 120


@pytest.mark.parametrize("sent", [..., None])
def test_verdict_has_note_when_record_has_no_retention(sent: object) -> None:
    verdict = judge(one(retentionDate=sent, release="11.4.0"), HERE)
    assert (verdict.is_usable, [reason.code for reason in verdict.reasons]) == (
        True,
        ["all-completed", "retention-missing"],
    )


@pytest.mark.parametrize("sent", [NEVER, "-1", -1.0, NOW + HOUR, str(NOW + HOUR), float(NOW + HOUR)])
def test_verdict_has_no_note_when_retention_is_readable(sent: object) -> None:
    assert [reason.code for reason in judge(one(retentionDate=sent, release="11.4.0"), HERE).reasons] == [
        "all-completed"
    ]


def test_reason_names_times_when_part_was_captured_at_another_time() -> None:
    early = replace(PARTS[1], cluster="o1", start=NOW - 400 * DAY, end=None)
    expected = "object store o1 captured outside the time of the backup (2025-08-17 14:13:20Z to ?)"
    assert judge(replace(GOOD, parts=(PARTS[0], early, PARTS[2])), HERE).main.text == expected


@pytest.mark.parametrize(
    ("made_by", "site_release", "codes"),
    [
        ("12.0.0", "12.0.0.7286", ["all-completed"]),
        ("12.0.0.7286", "12.0.0", ["all-completed"]),
        ("11.5.0.6745", "11.5.0.6835", ["all-completed", "other-build"]),
        ("11.5.0.6835", "11.5.0.6745", ["all-completed", "other-build"]),
        ("11.4.0.6285", "11.4.0.6285", ["all-completed"]),
        ("11.4", "11.4.0.6285", ["all-completed"]),
        ("11.4.0.6285", "11.4", ["all-completed"]),
        ("11.4.0.0", "11.4.0.6285", ["all-completed"]),  # a build of zeros is a build that nobody filled in
        ("10.9", "10.9.0", ["all-completed"]),
        ("12", "12.0.0.7286", ["all-completed"]),
        ("11.4.0.06285", "11.4.0.6285", ["all-completed"]),
        ("10.9", "10.9.1", ["other-release"]),
        ("11.4.1.6285", "11.4.0.6285", ["other-release"]),
        ("11.1.0", "11.10.0", ["other-release"]),
        ("12.0.0.7286 (beta)", "12.0.0.7286", ["release-unreadable"]),
    ],
)  # R12, R13, R14
def test_verdict_is_usable_when_only_the_build_differs(made_by: str, site_release: str, codes: list[str]) -> None:
    verdict = judge(replace(GOOD, release=made_by), SiteFacts(NOW, Release.parse(site_release)))
    assert [reason.code for reason in verdict.reasons] == codes
    assert verdict.is_usable is (codes[0] == "all-completed")


def test_verdict_has_notes_after_reasons() -> None:
    verdict = judge(replace(GOOD, release="11.4.0.6300", backup_type="X"), SiteFacts(NOW, Release.parse("11.4.0.6305")))
    assert [(r.level, r.code) for r in verdict.reasons] == [
        (Level.DOUBTFUL, "not-full"),
        (Level.USABLE, "other-build"),
    ]


def test_reason_says_so_when_own_status_and_parts_disagree() -> None:  # R3
    assert "parts-disagree" in {r.code for r in judge(replace(GOOD, parts=failed(1, "failed")), HERE).reasons}


def test_verdict_is_cannot_tell_when_release_of_site_is_unknown() -> None:  # R12
    verdict = judge(GOOD, SiteFacts(NOW, None))
    assert (verdict.level, verdict.main.code) == (Level.CANNOT_TELL, "site-release-unknown")


def test_verdict_has_all_reasons_worst_first() -> None:
    verdict = judge(replace(GOOD, status="failed", release="11.3.0", retention=1, backup_type="X"), HERE)
    levels = [reason.level for reason in verdict.reasons]
    assert levels == sorted(levels, reverse=True)
    assert {"own-status", "other-release", "expired", "not-full"} == {reason.code for reason in verdict.reasons}


@pytest.mark.parametrize(
    ("status", "running"),
    [
        (DrStatus("in_progress", backup="nightly", store="default", operation="Backup"), True),
        (DrStatus("in_progress", backup="nightly"), True),
        (DrStatus("in_progress", backup="nightly", store="other"), False),
        (DrStatus("in_progress", backup="another", store="default"), False),
        (DrStatus("in_progress", backup="nightly", store="default", operation="Restore"), False),
        (DrStatus("success", backup="nightly", store="default", operation="Backup"), False),
        (DrStatus("failed", backup="nightly", store="default", operation="Backup"), False),
    ],
)  # R25
def test_verdict_is_running_when_status_names_the_backup(status: DrStatus, running: bool) -> None:
    verdict = judge(replace(GOOD, status="in_progress"), replace(HERE, status=status))
    assert (verdict.level is Level.RUNNING) is running


STATUSES = st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["completed", "failed", "COMPLETED"]))


@given(
    status=STATUSES,
    parts=st.lists(st.builds(Part, st.sampled_from([RELATIONAL, OBJECT, INFRASTRUCTURE, "x"]), STATUSES)),
)
def test_verdict_is_never_usable_when_a_part_is_not_completed(status: str | None, parts: list[Part]) -> None:
    verdict = judge(replace(GOOD, status=status, parts=tuple(parts)), HERE)
    if any(part.has_failed for part in parts) or not replace(GOOD, status=status).is_completed:
        assert verdict.level >= Level.NOT_USABLE
    if not all(part.is_completed for part in parts):
        assert verdict.level >= Level.CANNOT_TELL


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        ("", "still running"),
        ("Create backup", "still running"),
        ("Delete", "Delete is running on it"),
        ("Restore backup", None),
    ],
)
def test_r25_reason_names_the_operation_when_it_is_not_a_backup(operation: str, text: str | None) -> None:
    status = DrStatus("in_progress", backup="nightly", store="default", operation=operation)
    verdict = judge(GOOD, replace(HERE, status=status))
    assert verdict.is_usable is (text is None)
    assert text is None or verdict.main.text == text
