"""Lines of the pane of the site, and rows of the pane of stores, without an interface."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.durations import HOUR
from drtui.core.model.address import Address
from drtui.core.model.backup import Backup
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrStatus, Release, Site, Store
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.operations.permissions import ALL_CHANGES, READ_ONLY, Permissions
from drtui.session import ConnectionOptions
from drtui.ui.widgets.empty_states import suggest_backup
from drtui.ui.widgets.side_panes import THIS_SITE, build_connection_lines, build_store_rows, explain_missing_stores
from tests.conftest import NOW

SITE = Fetched(NOW, Site(Release.parse("11.4.0")))
REFUSED = Failure(FailureKind.REFUSED, "403", "403 from the site")
UNREACHABLE = Failure(FailureKind.UNREACHABLE, "timeout", "no answer in time")


def build_texts(state: SiteState, options: ConnectionOptions | None = None, cells: int = 60) -> list[str]:
    """Return the texts of the lines."""
    lines = build_connection_lines(
        assess(state, NOW), options or ConnectionOptions(), None, NOW, dt.UTC, READ_ONLY, cells=cells
    )
    return ["".join(text for text, _ in line.pieces) for line in lines]


def state_of(scheme: str = "https", **answers: Any) -> SiteState:
    """Return the state of a site that has given these answers."""
    return replace(SiteState("gis", Address(scheme, "gis.example.com", "arcgis")), **{"site": SITE, **answers})


@pytest.mark.parametrize(
    ("scheme", "options", "expected"),
    [
        ("https", ConnectionOptions(), "TLS verified"),
        ("https", ConnectionOptions(ca_file=Path("/etc/ca.pem")), "TLS verified (ca.pem)"),
        ("https", ConnectionOptions(cert=Path("/etc/me.pem")), "TLS verified, certificate me.pem"),
        (
            "https",
            ConnectionOptions(ca_file=Path("/etc/ca.pem"), cert=Path("me.pem"), key=Path("me.key")),
            "TLS verified (ca.pem), certificate me.pem",
        ),
        ("https", ConnectionOptions(insecure=True, cert=Path("me.pem")), "TLS NOT VERIFIED (--insecure)"),
        ("http", ConnectionOptions(cert=Path("me.pem")), "no TLS: plain http"),
    ],
)
def test_connection_lines_name_authorities_and_certificate_when_options_do(
    scheme: str, options: ConnectionOptions, expected: str
) -> None:
    assert f"{expected}, release 11.4.0" in build_texts(state_of(scheme), options)


@pytest.mark.parametrize(
    ("answer", "is_verified"),
    [
        (None, False),
        (Fetched(NOW, failure=UNREACHABLE), False),
        (replace(SITE, source=Source.SAVED), False),
        (replace(SITE, failure=UNREACHABLE), True),
        (Fetched(NOW, failure=REFUSED), True),
    ],
)
def test_connection_lines_claim_tls_only_when_the_site_has_answered(
    answer: Fetched[Site] | None, is_verified: bool
) -> None:
    texts = build_texts(state_of(site=answer))
    assert any(text.startswith("TLS verified") for text in texts) is is_verified


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, "user ada, not signed in yet"),
        (Fetched(NOW, failure=REFUSED), "user ada, not signed in yet"),
        (Fetched(NOW, (), source=Source.SAVED), "user ada, not signed in yet"),
        (Fetched(NOW, ()), "signed in as ada"),
    ],
)
def test_connection_lines_claim_a_sign_in_only_when_the_site_let_it_in(
    answer: Fetched[tuple[Store, ...]] | None, expected: str
) -> None:
    assert expected in build_texts(state_of(stores=answer), ConnectionOptions(user="ada"))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, "schedules: ..."),
        ({"schedules": Fetched(NOW, ())}, "schedules: none"),
        ({"schedules": Fetched(NOW, failure=REFUSED)}, "schedules: refused (403 from the site)"),
        ({}, "last operation: ..."),
        ({"status": Fetched(NOW, DrStatus())}, "last operation: none"),
        ({"status": Fetched(NOW, failure=UNREACHABLE)}, "last operation: unreachable (no answer in time)"),
        (
            {"status": Fetched(NOW, DrStatus("in_progress", operation="Backup", start=NOW - 90_500))},
            "last operation: backup running, 1 m 31 s",
        ),
        (
            {"status": Fetched(NOW, DrStatus("failed", operation="Restore", start=NOW - HOUR, end=NOW))},
            "last operation: restore FAILED, 1 h 00 m",
        ),
    ],
)
def test_connection_lines_tell_unknown_from_none_when_answers_differ(answers: dict[str, Any], expected: str) -> None:
    assert expected in build_texts(state_of(**answers))


def test_connection_lines_begin_with_operations_and_schedules_when_enter_is_pressed() -> None:
    lines = build_connection_lines(assess(state_of(), NOW), ConnectionOptions(), None, NOW, dt.UTC, READ_ONLY, cells=40)
    assert [line.pieces[0][0] for line in lines if line.key == THIS_SITE] == ["schedules:"]


OLD, VAULT = Store("archive", created_by=Release.parse("11.2.0"), type="S3"), Store("vault", default=True)
USABLE = Backup("nightly-1", "vault", start=NOW - 90 * 60_000)


def test_store_rows_show_counts_and_registration_when_lists_are_known() -> None:
    state = state_of(
        stores=Fetched(NOW, (OLD, VAULT)),
        backups={"archive": Fetched(NOW, ()), "vault": Fetched(NOW, (USABLE,))},
    )
    rows = list(build_store_rows(assess(state, NOW), "vault"))
    assert [(row.name, row.points, row.newest, row.type, row.registered) for row in rows] == [
        ("All stores", "1", "none", "", ""),
        ("archive", "0", "none", "S3", "11.2.0 (older)"),
        ("vault default", "1", "none", "-", "-"),
    ]
    assert [row.name_tone for row in rows] == ["", "", "strong"]


def test_store_rows_never_show_zero_when_a_list_is_unknown() -> None:
    stores = Fetched(NOW, (OLD, VAULT))
    rows = list(
        build_store_rows(assess(state_of(stores=stores, backups={"vault": Fetched(NOW, failure=REFUSED)}), NOW), None)
    )
    assert [(row.points, row.newest) for row in rows] == [("0", "-"), ("...", ""), ("?", "refused")]
    assert rows[0].registered == "reading ..."


def test_store_rows_are_replaced_by_a_reason_when_the_stores_are_unknown() -> None:
    for answer, expected in ((None, "..."), (Fetched[tuple[Store, ...]](NOW, failure=REFUSED), "refused")):
        assessment = assess(state_of(stores=answer), NOW)
        assert not list(build_store_rows(assessment, None))
        assert explain_missing_stores(assessment)[0][0] == expected
    rows = list(build_store_rows(assess(state_of(stores=Fetched(NOW, ())), NOW), None))
    assert (rows[1].key, rows[1].name) == (None, "no store is registered")


@pytest.mark.parametrize(
    ("stores", "permissions", "expected"),
    [
        ((), READ_ONLY, ["Next: register a backup store in ArcGIS Enterprise Manager.", "r reads the stores again."]),
        ((Store("vault"),), ALL_CHANGES, ["Next: make a backup: press a, then c."]),
        (
            (Store("vault"),),
            Permissions(frozenset({"delete"})),
            [
                "Next: make a backup in ArcGIS Enterprise Manager,",
                "or start drtui with --allow-changes and press a, then c.",
            ],
        ),
        (None, READ_ONLY, []),
    ],
)
def test_suggest_backup_names_the_next_step_when_a_site_is_empty(
    stores: tuple[Store, ...] | None, permissions: Permissions, expected: list[str]
) -> None:
    state = state_of(stores=Fetched(NOW, stores) if stores is not None else Fetched(NOW, None, REFUSED))
    assert list(suggest_backup(state, permissions)) == expected
