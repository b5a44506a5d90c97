"""Lines of the connection pane, without an interface."""

import datetime as dt
from pathlib import Path

import pytest

from drtui.core.model.address import Address
from drtui.core.model.site_state import SiteState
from drtui.core.operations.permissions import READ_ONLY
from drtui.session import ConnectionOptions
from drtui.ui.widgets.pane_content import build_connection_lines
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("scheme", "options", "expected"),
    [
        ("https", ConnectionOptions(), "TLS verified"),
        ("https", ConnectionOptions(ca_file=Path("/etc/ca.pem")), "TLS verified, ca.pem"),
        ("https", ConnectionOptions(cert=Path("/etc/me.pem")), "TLS verified, me.pem"),
        (
            "https",
            ConnectionOptions(ca_file=Path("/etc/ca.pem"), cert=Path("me.pem"), key=Path("me.key")),
            "TLS verified, ca.pem, me.pem",
        ),
        ("https", ConnectionOptions(insecure=True, cert=Path("me.pem")), "TLS NOT VERIFIED (--insecure)"),
        ("http", ConnectionOptions(cert=Path("me.pem")), "no TLS: plain http"),
    ],
)
def test_connection_lines_name_authorities_and_certificate_when_options_do(
    scheme: str, options: ConnectionOptions, expected: str
) -> None:
    state = SiteState("gis", Address(scheme, "gis.example.com", "arcgis"))
    lines = [
        "".join(text for text, _ in line.pieces)
        for line in build_connection_lines(state, options, None, NOW, dt.UTC, READ_ONLY)
    ]
    assert sum(text.endswith(f", {expected}") for text in lines) == 1, lines
