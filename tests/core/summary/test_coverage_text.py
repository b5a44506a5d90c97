"""Statements about coverage: certain ones said certainly, all others softly; and findings of the health check."""

import re
from typing import Any

import pytest

from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.analysis.coverage import Cover, CoveredStore
from drtui.core.formatting.durations import DAY
from drtui.core.model.backup import Backup
from drtui.core.model.data_store import DataStore
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import Store
from drtui.core.model.site_state import Fetched, Source
from drtui.core.summary.coverage_text import (
    big_data_statement,
    cover_text,
    coverage_findings,
    coverage_statements,
    outside_text,
)
from drtui.core.summary.health_check import Grade, check_health
from tests.conftest import NOW
from tests.core.analysis.test_coverage import ONE, TWO, holding, managed
from tests.core.points import full_site

REFUSED = Failure(FailureKind.REFUSED, "403", "the account may not read this")


def assessed(data_stores: tuple[DataStore, ...], /, *backups: Backup, **changes: Any) -> Assessment:
    """Return the assessment of a site with these data stores and backups."""
    return assess(full_site(*backups, **{"data": Fetched(NOW, data_stores), **changes}), NOW)


def texts(assessment: Assessment) -> str:
    """Return code and text of all statements, a line each."""
    return "".join(f"{statement.code}: {statement.text}\n" for statement in coverage_statements(assessment))


AGREE = "counts-agree: The site has 1 system-managed relational store; last contains 1 (same count)"


@pytest.mark.parametrize(
    ("stores", "backups", "said"),
    [
        (ONE, (holding("aaaaa"),), (AGREE,)),
        (ONE, (holding("aaaaa", "b"),), (AGREE.replace("1 (same count)", "2 (more than the site lists now)"),)),
        (
            TWO,
            (holding("aaaaa"),),
            (
                (
                    "not-in-backup: The site has 2 system-managed relational stores, last contains 1: "
                    "1 may be in no backup, unless the site lists a standby as a store"
                ),
                (
                    "other-instance: relational-store-bbbbb: cannot tell: from another instance of this store, "
                    "or not backed up"
                ),
            ),
        ),
        (ONE, (), ("not-in-backup: 1 system-managed relational store in no usable backup: no usable backup exists",)),
        (
            (*ONE, managed("q", "queueStore"), managed("r", "queueStore"), managed("s", "")),
            (holding("aaaaa"),),
            (
                AGREE,
                ("unknown-type: 2 system-managed data stores of type queueStore: unknown if backups contain this type"),
                ("unknown-type: 1 system-managed data store without a type: unknown if backups contain this type"),
            ),
        ),
        (
            (managed("assets", owner=None),),
            (),
            (
                "owner-unknown: Unknown if the site manages assets, and so if backups contain it",
                (
                    "no-system-managed: Coverage unknown: the site lists no system-managed data store, "
                    "but every site has some"
                ),
            ),
        ),
    ],
)
def test_statements_say_what_is_certain_and_what_cannot_be_told(
    stores: tuple[DataStore, ...], backups: tuple[Backup, ...], said: tuple[str, ...]
) -> None:
    assert texts(assessed(stores, *backups)) == "".join(f"{text}\n" for text in said)


def test_statement_names_the_older_backup_that_holds_as_many() -> None:
    older = holding("a", "b", hours_ago=9, name="older")
    said = texts(assessed(TWO, holding("aaaaa"), older))
    assert "1 may be missing in it, unless the site lists a standby as a store; older contains 2\n" in said


def test_statements_say_that_a_newer_backup_may_exist_when_a_list_is_unread() -> None:
    unread = {"vault": Fetched(NOW, (holding("aaaaa"),)), "other": Fetched(NOW, failure=REFUSED)}
    stores = Fetched(NOW, (Store("vault"), Store("other")))
    said = texts(assessed(TWO, stores=stores, backups=unread))
    assert "(not every store could be read: a newer backup may exist)" in said
    nothing = {"vault": Fetched(NOW, ()), "other": Fetched(NOW, failure=REFUSED)}
    (statement,) = coverage_statements(assessed(ONE, stores=stores, backups=nothing))
    assert (statement.code, statement.is_unknown) == ("coverage-unknown", True)


@pytest.mark.parametrize(
    ("stores", "text"),
    [
        ((), ""),
        (ONE, ""),
        ((managed("assets", owner=False),), "1 registered database (assets)"),
        (
            (
                managed("a", "folder", owner=False),
                managed("b", "folder", owner=False),
                managed("assets", owner=False),
                DataStore("imagery", "folder", "/fileShares/imagery", False),
                managed("c", "cloudStore", owner=False),
                managed("x", "new", owner=False),
                managed("y", "", owner=False),
            ),
            (
                "2 registered folders (a, b), 1 registered database (assets), 1 registered file share (imagery), "
                "1 registered cloud store (c), 1 registered data store of type new (x), "
                "1 registered data store without a type (y)"
            ),
        ),
        (
            tuple(managed(f"n{number}", owner=False) for number in range(1_007)),
            "1,007 registered databases (n0, n1, n2, n3, n4 and 1,002 more)",
        ),
    ],
)
def test_outside_text_groups_registered_stores_by_type(stores: tuple[DataStore, ...], text: str) -> None:
    coverage = assessed(stores, holding("aaaaa")).coverage
    assert coverage is not None
    assert outside_text(coverage) == text


@pytest.mark.parametrize("cover", list(Cover))
def test_cover_text_is_certain_only_for_what_records_show(cover: Cover) -> None:
    coverage = assessed(ONE, holding("aaaaa")).coverage
    assert coverage is not None
    text = cover_text(CoveredStore(managed(), cover), coverage)
    is_soft = cover in {Cover.OTHER_INSTANCE, Cover.UNKNOWN_OWNER, Cover.UNKNOWN_TYPE}
    assert ("cannot tell" in text) is is_soft
    assert not re.search(r"not covered|lost|unprotected", text)


def test_big_data_is_said_when_left_out_and_unknown_only_on_demand() -> None:
    stores = Fetched(NOW, (Store("vault", covers_big_data=False), Store("old")))
    assessment = assessed(ONE, holding("aaaaa"), stores=stores)
    said = texts(assessment)
    assert "without-big-data: Backups in vault omit the spatiotemporal big data store, if the site has one" in said
    assert "in old" not in said
    assert assessment.coverage is not None
    statement = big_data_statement(assessment.coverage)
    assert statement is not None
    assert "backups in old contain" in statement.text


OUTSIDE = managed("assets", owner=False)


@pytest.mark.parametrize(
    ("data", "grade", "strict", "code"),
    [
        (Fetched(NOW, (*ONE, OUTSIDE)), Grade.OK, Grade.OK, "outside-backups"),
        (Fetched(NOW, TWO), Grade.WARNING, Grade.UNKNOWN, "not-in-backup"),
        (Fetched(NOW, ()), Grade.OK, Grade.UNKNOWN, "no-system-managed"),
        (Fetched(NOW, failure=REFUSED), Grade.OK, Grade.UNKNOWN, "data-unread"),
        (Fetched(NOW, ONE, failure=REFUSED), Grade.OK, Grade.UNKNOWN, "data-unread"),
        (Fetched(NOW, ONE, source=Source.SAVED), Grade.OK, Grade.UNKNOWN, "data-unread"),
        (Fetched(NOW, ONE, incomplete_reason="more"), Grade.OK, Grade.UNKNOWN, "data-unread"),
        (None, Grade.OK, Grade.UNKNOWN, "data-unread"),
    ],
)
def test_findings_are_a_note_a_warning_or_unknown(
    data: Fetched[tuple[DataStore, ...]] | None, grade: Grade, strict: Grade, code: str
) -> None:
    assessment = assessed((), holding("aaaaa"), data=data)
    findings = tuple(coverage_findings(assessment))
    assert code in {finding.code for finding in findings}
    grades = [
        check_health(assessment, DAY, 2 * DAY, strict=is_strict, extra_findings=findings).grade
        for is_strict in (False, True)
    ]
    assert grades == [grade, strict]


@pytest.mark.parametrize("data", [Fetched(NOW, failure=REFUSED), Fetched(NOW, TWO), None])
def test_check_is_the_same_for_any_data_stores_when_coverage_is_not_asked(
    data: Fetched[tuple[DataStore, ...]] | None,
) -> None:
    without = check_health(assess(full_site(holding("aaaaa")), NOW), DAY, 2 * DAY)
    check = check_health(assess(full_site(holding("aaaaa"), data=data), NOW), DAY, 2 * DAY)
    assert (check.grade, check.findings) == (without.grade, without.findings)
